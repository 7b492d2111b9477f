import Diagnostics
import Testing

@Suite struct SecretTests {
    private struct Holder {
        let name = "holder"
        let secret = Secret("hunter2")
        let nested = [Secret("hunter2")]
    }

    @Test("A secret is not seen however it is printed")
    func printing() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(Holder(), to: &dumped)
        var printed = ""
        print(secret, Holder(), Optional(secret) as Any, [secret], ["key": secret], to: &printed)
        debugPrint(secret, Holder(), [secret], to: &printed)
        let texts = [
            "\(secret)", String(describing: secret), String(reflecting: secret), "\(Holder())",
            String(reflecting: Holder()), String(reflecting: [secret]), "\(Optional(secret) as Any)", dumped, printed,
        ]
        for text in texts {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("•••"))
        }
    }

    @Test("A secret has no children to reflect, and an error that carries one does not show it")
    func mirror() {
        #expect(Mirror(reflecting: Secret("hunter2")).children.isEmpty)
        struct Leaky: Error { let password = Secret("hunter2") }
        let error = SluiceError(wrapping: Leaky())
        #expect(!"\(error)".contains("hunter2"))
        #expect(!String(reflecting: error).contains("hunter2"))
    }

    @Test("Secrets are equal when their texts are, whatever their lengths")
    func equality() {
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
        #expect(Secret("a") != Secret("aa"))
        #expect(Secret("") == Secret(""))
        #expect(Secret("a") != Secret("a\0"))
        #expect(Secret("a").reveal() == "a")
    }
}
