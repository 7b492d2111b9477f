import Diagnostics
import Foundation
import NIOConcurrencyHelpers
import Testing

@testable import AccessControl

@Suite("Passwords of the old tool")
struct PasswordTests {
    /// The sample of patch-tracking's own manual.
    private static let sample =
        "pbkdf2:sha256:150000$w38eLeRm$ebb5069ba3b4dda39a698bd1d9d7f5f848af3bd93b11e0cde2b28e9e34bfbbae"

    private static let time = Date(timeIntervalSince1970: 1_767_225_600)

    @Test("The manual's sample verifies with its password and with no other")
    func sample() async throws {
        let verifier = PasswordVerifier()
        let file = try PasswordFile(Secret("admin:\(Self.sample)"), from: "users")
        func isRight(_ password: String, of name: String = "admin") async throws -> Bool {
            try await verifier.verify(.init(name, Secret(password)), at: Self.time) { file }
        }
        #expect(try await isRight("Test@123"))
        for wrong in ["test@123", "Test@1234", "Test@12", "", "Test@123\0", String(repeating: "x", count: 2_000)] {
            #expect(try await !isRight(wrong))
        }
        #expect(try await !isRight("Test@123", of: "nobody"))
        #expect(file.hashes["admin"]?.description == Self.sample)
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

    /// Whether somebody is let in, turned away as busy, or something else.
    private static func outcome(
        _ verifier: PasswordVerifier, _ claim: PasswordVerifier.Claim, _ file: PasswordFile
    ) async -> String {
        do {
            return try await verifier.verify(claim, at: time) { file } ? "right" : "wrong"
        } catch {
            return (error as? SluiceError)?.code.rawValue ?? "other"
        }
    }

    @Test(
        "Who tries many passwords at once is turned away, from one address and for one name alike, and who came in lately is not"
    )
    func queue() async throws {
        let hash = try PasswordHash.make(of: Secret("secret"), salt: "salt", iterations: 30_000)
        let file = try PasswordFile(Secret("anna:\(hash)\nbob:\(hash)"), from: "users")
        let verifier = PasswordVerifier()
        let anna = PasswordVerifier.Claim("anna", Secret("secret"), from: "192.0.2.7")
        #expect(await Self.outcome(verifier, anna, file) == "right")
        let outcomes = await withTaskGroup(of: String.self) { group in
            for number in 0..<60 {
                let claim = PasswordVerifier.Claim("n\(number)", Secret("guess"), from: "198.51.100.\(number)")
                group.addTask { await Self.outcome(verifier, claim, file) }
                // In the midst of them, with the password that was right a moment ago, and with another one.
                if number % 20 == 10 { group.addTask { "anna: \(await Self.outcome(verifier, anna, file))" } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains("password.busy"))
        #expect(outcomes.filter { $0.hasPrefix("anna") } == Array(repeating: "anna: right", count: 3))
    }

    @Test("One address, and one name, fill a part of the queue only")
    func parts() async throws {
        let hash = try PasswordHash.make(of: Secret("secret"), salt: "salt", iterations: 200_000)
        let file = try PasswordFile(Secret("anna:\(hash)"), from: "users")
        for isOneName in [true, false] {
            let verifier = PasswordVerifier()
            let outcomes = await withTaskGroup(of: String.self) { group in
                for number in 0..<10 {
                    let claim = PasswordVerifier.Claim(
                        isOneName ? "anna" : "n\(number)", Secret("guess"),
                        from: isOneName ? "198.51.100.\(number)" : "198.51.100.1")
                    group.addTask { await Self.outcome(verifier, claim, file) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.contains("password.busy") && outcomes.contains("wrong"))
        }
    }

    @Test("Whoever says that they are somebody who came in lately fills a part of the queue only")
    func acquaintances() async throws {
        let hashes = try ["anna", "bert"].map {
            "\($0):\(try PasswordHash.make(of: Secret("secret"), salt: "salt", iterations: 200_000))"
        }
        let file = try PasswordFile(Secret(hashes.joined(separator: "\n")), from: "users")
        let (verifier, proxy) = (PasswordVerifier(), "198.51.100.1")
        for name in ["anna", "bert"] {
            #expect(await Self.outcome(verifier, .init(name, Secret("secret"), from: proxy), file) == "right")
        }
        let outcomes = await withTaskGroup(of: String.self) { group in
            for number in 0..<12 {
                let claim = PasswordVerifier.Claim("anna", Secret("guess \(number)"), from: proxy)
                group.addTask { await Self.outcome(verifier, claim, file) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains("password.busy") && outcomes.contains("wrong"))
    }

    @Test("A file is not read for who is turned away, and a password that was changed is no longer known")
    func reading() async throws {
        let reads = NIOLockedValueBox(0)
        let hash = try PasswordHash.make(of: Secret("secret"), salt: "salt", iterations: 1_000)
        let other = try PasswordHash.make(of: Secret("changed"), salt: "salt", iterations: 1_000)
        let file = NIOLockedValueBox(try PasswordFile(Secret("anna:\(hash)"), from: "users"))
        let verifier = PasswordVerifier()
        func isRight() async throws -> Bool {
            try await verifier.verify(.init("anna", Secret("secret")), at: Self.time) {
                reads.withLockedValue { $0 += 1 }
                return file.withLockedValue(\.self)
            }
        }
        #expect(try await isRight())
        #expect(try await isRight())
        try file.withLockedValue { $0 = try PasswordFile(Secret("anna:\(other)"), from: "users") }
        #expect(try await !isRight())
        #expect(reads.withLockedValue(\.self) == 3)
    }

    @Test(
        "A name that nobody has costs what the most expensive hash of the file costs, and so does one with a cheap hash"
    )
    func cost() throws {
        let cheap = try PasswordHash.make(of: Secret("a"), salt: "salt", iterations: 1_000)
        let dear = try PasswordHash.make(of: Secret("a"), salt: "salt", iterations: 5_000)
        let hashes = [cheap, dear]
        #expect(PasswordVerifier.missingRounds(nil, among: hashes) == 5_000)
        #expect(PasswordVerifier.missingRounds(cheap, among: hashes) == 4_000)
        #expect(PasswordVerifier.missingRounds(dear, among: hashes) == 0)
        #expect(PasswordVerifier.missingRounds(nil, among: []) == PasswordHash.defaultIterations)
    }

    @Test("Names that mean somebody else here are nobody's", arguments: ["anonymous", "Local", "access-token"])
    func reserved(_ name: String) {
        #expect(Subject.isReserved(name))
        #expect(throws: SluiceError.self) { try PasswordFile(Secret("\(name):\(Self.sample)"), from: "users") }
    }
}
