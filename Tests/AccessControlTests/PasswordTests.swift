import Diagnostics
import Testing

@testable import AccessControl

@Suite("Passwords of the old tool")
struct PasswordTests {
    /// The sample of patch-tracking's own manual.
    private static let sample =
        "pbkdf2:sha256:150000$w38eLeRm$ebb5069ba3b4dda39a698bd1d9d7f5f848af3bd93b11e0cde2b28e9e34bfbbae"

    @Test("The manual's sample verifies with its password and with no other")
    func sample() async throws {
        let hash = try PasswordHash(Self.sample)
        let verifier = PasswordVerifier()
        #expect(try await verifier.verify(Secret("Test@123"), against: hash))
        for wrong in ["test@123", "Test@1234", "Test@12", "", "Test@123\0", String(repeating: "x", count: 2_000)] {
            #expect(try await !verifier.verify(Secret(wrong), against: hash))
        }
        #expect(try await !verifier.verify(Secret("Test@123"), against: nil))
        #expect(hash.description == Self.sample)
    }

    @Test("A hash that we make has a salt of its own, and is read back")
    func making() throws {
        var generator = SystemRandomNumberGenerator()
        let salts = (0..<2).map { _ in PasswordHash.newSalt(using: &generator) }
        #expect(salts[0] != salts[1])
        let hash = try PasswordHash.make(of: Secret("correct horse"), salt: salts[0], iterations: 1_000)
        #expect(try PasswordHash(hash.description).matches(Secret("correct horse")))
        #expect(!hash.matches(Secret("correct house")))
        #expect(throws: SluiceError.self) { try PasswordHash.make(of: Secret(""), salt: salts[0]) }
    }

    @Test(
        "What is not such a hash is refused without being repeated",
        arguments: [
            "", "Test@123", "pbkdf2:sha256:150000$salt", "pbkdf2:md5:150000$salt$00", "pbkdf2:sha256:0$salt$00",
            "pbkdf2:sha256:999$salt$\(String(repeating: "0", count: 64))",
            "pbkdf2:sha256:2000001$salt$\(String(repeating: "0", count: 64))",
            "pbkdf2:sha256:99999999999999999999$salt$\(String(repeating: "0", count: 64))",
            "pbkdf2:sha256:-1000$salt$\(String(repeating: "0", count: 64))",
            "pbkdf2:sha256:150000$$\(String(repeating: "0", count: 64))",
            "pbkdf2:sha256:150000$sa lt$\(String(repeating: "0", count: 64))",
            "pbkdf2:sha256:150000$salt$\(String(repeating: "0", count: 63))",
            "pbkdf2:sha256:150000$salt$\(String(repeating: "0", count: 66))",
            "pbkdf2:sha256:150000$salt$\(String(repeating: "g", count: 64))",
            "pbkdf2:sha512:150000$salt$\(String(repeating: "0", count: 64))",
            "scrypt:32768:8:1$salt$\(String(repeating: "0", count: 64))",
        ])
    func malformed(_ text: String) {
        let error = #expect(throws: SluiceError.self) { try PasswordHash(text) }
        #expect(error?.code == "password.malformed-hash")
        #expect(text.isEmpty || error?.debugDescription.contains(text) == false)
    }

    @Test("A file of people is read line by line, and a mistake names its line but not what stands there")
    func file() throws {
        let file = try PasswordFile(Secret("# people\n\nadmin:\(Self.sample)\n bob:\(Self.sample)\n"), from: "users")
        #expect(file.hashes.keys.sorted() == ["admin", "bob"])
        for wrong in ["admin:hunter2", "hunter2", ":\(Self.sample)", "bob:\(Self.sample)\nbob:\(Self.sample)"] {
            let error = #expect(throws: SluiceError.self) { try PasswordFile(Secret("#\n\(wrong)"), from: "users") }
            #expect(error?.code == "password.malformed-file")
            #expect(error?.location?.line ?? 0 >= 2)
            #expect(error?.debugDescription.contains("hunter2") == false)
        }
    }

    @Test("Who tries many passwords at once is turned away, and nothing else waits")
    func queue() async throws {
        let verifier = PasswordVerifier()
        let hash = try PasswordHash(Self.sample)
        let outcomes = await withTaskGroup(of: SluiceError.Code?.self) { group in
            for _ in 0..<(4 * PasswordVerifier.waitingLimit) {
                group.addTask {
                    do {
                        _ = try await verifier.verify(Secret("guess"), against: hash)
                        return nil
                    } catch let error as SluiceError {
                        return error.code
                    } catch {
                        return "other"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains("password.busy"))
        #expect(outcomes.filter { $0 == nil }.count >= PasswordVerifier.waitingLimit)
        #expect(try await verifier.verify(Secret("Test@123"), against: hash))
    }
}
