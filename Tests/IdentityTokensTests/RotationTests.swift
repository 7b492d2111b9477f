import AccessControl
import Crypto
import DesiredState
import Diagnostics
import Foundation
import NIOConcurrencyHelpers
import Testing

@testable import IdentityTokens

@Suite("Tokens that prove something, and keys that change")
struct RotationTests {
    @Test("Whoever a token names is known with their groups, whichever of the allowed algorithms signs it")
    func identities() async throws {
        let provider = try TestProvider()
        let published = Published(try provider.keys())
        let verifier = published.verifier {
            $0.algorithms.append(.edDSA)
            $0.prefix = "sso:"
        }
        let text = TestProvider.unsigned(header: ["alg": "EdDSA", "kid": "ed"])
        let signature = try provider.edwards.signature(for: Data(text.utf8))
        for token in [
            try provider.token(), try provider.rsaToken(), "\(text).\(TestProvider.encoded(signature))",
            try provider.token(["aud": ["other", "sluice-cli"], "azp": "sluice"], header: ["typ": "at+jwt"]),
            try provider.token(header: ["typ": nil, "x5t": "abc"]),
        ] {
            let found = try await verifier.identity(of: Secret(token))
            #expect(found.name == "sso:u-1" && found.groups == ["sso:land", "sso:infra"])
        }
        let lonely = try await verifier.identity(of: Secret(try provider.token(["groups": "one"])))
        #expect(lonely.groups == ["sso:one"])
    }

    @Test("B-08 A new key is found without a restart, the old one ends, and strangers' keys have nobody asked often")
    func rotation() async throws {
        let provider = try TestProvider()
        let published = Published(try provider.keys())
        let verifier = published.verifier()
        func reads() -> Int { published.state.withLockedValue { $0.reads.count } }
        func believes(_ token: String) async -> Bool { (try? await verifier.identity(of: Secret(token))) != nil }
        #expect(await believes(try provider.token()) && reads() == 2)
        #expect(await believes(try provider.rsaToken()) && reads() == 2)

        let next = P256.Signing.PrivateKey()
        published.state.withLockedValue { $0.keys = [TestProvider.key(next.publicKey, "next")] }
        let token = try provider.token(header: ["kid": "next"], by: next)
        for _ in 0..<50 { #expect(await !believes(token)) }
        #expect(reads() == 2)
        published.state.withLockedValue { $0.time += IdentityTokenVerifier.pause }
        #expect(await believes(token) && reads() == 4)
        #expect(await !believes(try provider.token()))
        for number in 0..<50 { #expect(await !believes(try provider.token(header: ["kid": .string("x\(number)")]))) }
        #expect(reads() == 4)
    }

    @Test("While the provider does not answer, its keys are used for a day; without any, nobody is called wrong")
    func down() async throws {
        let provider = try TestProvider()
        let published = Published(try provider.keys())
        let verifier = published.verifier { $0.clockSkew = 200_000 }
        let token = Secret(try provider.token())
        published.state.withLockedValue { $0.isDown = true }
        func code() async -> SluiceError.Code? {
            do {
                _ = try await verifier.identity(of: token)
                return nil
            } catch { return (error as? SluiceError)?.code }
        }
        #expect(await code() == "identity.provider-unavailable")
        published.state.withLockedValue {
            $0.isDown = false
            $0.time += IdentityTokenVerifier.pause
        }
        #expect(await code() == nil)
        published.state.withLockedValue {
            $0.isDown = true
            $0.time += IdentityTokenVerifier.endurance - 1
        }
        #expect(await code() == nil)
        published.state.withLockedValue { $0.time += IdentityTokenVerifier.pause }
        #expect(await code() == "identity.provider-unavailable")
    }

    @Test("B-08 A discovery document of another issuer is not believed")
    func discovery() async throws {
        let provider = try TestProvider()
        let published = Published(try provider.keys())
        published.state.withLockedValue { $0.issuer = "https://evil.example" }
        let token = Secret(try provider.token())
        await #expect(throws: SluiceError.self) { try await published.verifier().identity(of: token) }
        #expect(published.state.withLockedValue { $0.reads.count } == 1)
    }
}
