import AccessControl
import Crypto
import CryptoExtras
import DesiredState
import Diagnostics
import Foundation
import NIOConcurrencyHelpers
import Testing

@testable import IdentityTokens

@Suite("Tokens that prove nothing")
struct NegativeTests {
    /// Tokens with one thing wrong each.
    private static func vectors(_ provider: TestProvider) throws -> [(String, String)] {
        let attacker = P256.Signing.PrivateKey()
        let right = try provider.token()
        let parts = right.split(separator: ".").map(String.init)
        let unsigned = TestProvider.unsigned()
        func hmac(_ header: [String: JSONValue?], _ key: [UInt8]) -> String {
            let text = TestProvider.unsigned(header: header)
            let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key))
            return "\(text).\(TestProvider.encoded(code))"
        }
        func claims(_ changes: [String: JSONValue?]) throws -> (String, String) {
            ("claims \(changes)", try provider.token(changes))
        }
        func header(_ fields: [String: JSONValue?], by key: P256.Signing.PrivateKey? = nil) throws -> (String, String) {
            ("header \(fields)", try provider.token(header: fields, by: key))
        }
        let rsaText = provider.rsa.publicKey.pemRepresentation
        let deep = "{\"x\":\(String(repeating: "[", count: 4_000))\(String(repeating: "]", count: 4_000))}"
        var vectors: [(String, String)] = []
        for word in ["none", "None", "NONE", "nOnE"] {
            let text = TestProvider.unsigned(header: ["alg": .string(word)])
            vectors += [("alg \(word)", "\(text)."), ("alg \(word), signed", "\(text).\(parts[2])")]
        }
        vectors += [
            ("HS256 with the RSA key's text", hmac(["alg": "HS256", "kid": "rsa"], Array(rsaText.utf8))),
            ("HS256 with the EC key", hmac(["alg": "HS256"], Array(provider.elliptic.publicKey.rawRepresentation))),
            ("HS256 with no key", hmac(["alg": "HS256"], [0])),
            ("HS256 with the published secret", hmac(["alg": "HS256", "kid": "secret"], [0, 0, 0])),
            ("RS256 with the name of an EC key", try provider.rsaToken(header: ["kid": "ec"])),
            ("RS256 with a key for encryption", try provider.rsaToken(header: ["kid": "rsa-for-encryption"])),
            ("RS256 with a key for RS384", try provider.rsaToken(header: ["kid": "rsa-384"])),
            ("RS256 with a small key", try provider.rsaToken(header: ["kid": "small"])),
            ("RS384 is not allowed", try provider.rsaToken(header: ["alg": "RS384"])),
            ("PS256 is not allowed", try provider.rsaToken(header: ["alg": "PS256"])),
            try header(["alg": nil]), try header(["alg": "es256"]), try header(["alg": 256]),
            try header(["alg": "RS256"]), try header(["alg": ["ES256"]]), try header(["alg": "ES384"]),
            try header(["kid": nil]), try header(["kid": ""]), try header(["kid": "unknown"]),
            try header(["kid": "EC"]), try header(["kid": "../../../dev/null"]), try header(["kid": "' OR 1=1 --"]),
            try header(["kid": 1]), try header(["kid": ["ec"]]), try header(["kid": "rsa"]),
            try header(["kid": "other-curve"]), try header(["kid": .string(String(repeating: "k", count: 300))]),
            try header(["crit": ["exp"]]), try header(["crit": []]), try header(["b64": false, "crit": ["b64"]]),
            try header(["zip": "DEF"]), try header(["typ": "JWE"]), try header(["typ": 1]),
            try header(["jwk": TestProvider.key(attacker.publicKey, "ec")], by: attacker),
            try header(["jku": "https://evil.example/keys"], by: attacker),
            try header(["x5u": "https://evil.example/cert", "x5c": ["AAAA"]], by: attacker),
            ("somebody else's signature", try provider.token(by: attacker)),
            ("another token's signature", "\(TestProvider.unsigned(["sub": "root"])).\(parts[2])"),
            ("no signature", "\(unsigned)."), ("no signature at all", unsigned),
            ("half a signature", "\(unsigned).\(parts[2].prefix(40))"),
            ("a signature of zeros", "\(unsigned).\(TestProvider.encoded([UInt8](repeating: 0, count: 64)))"),
            (
                "a signature in DER",
                "\(unsigned).\(TestProvider.encoded(try provider.elliptic.signature(for: Data(unsigned.utf8)).derRepresentation))"
            ),
            ("", ""), ("dots", ".."), ("four parts", right + ".x"), ("five parts", "a.b.c.d.e"),
            ("padding", "\(parts[0])=.\(parts[1]).\(parts[2])"), ("a space", " " + right), ("a line end", right + "\n"),
            ("a header that is a list", "\(TestProvider.encoded([])).\(parts[1]).\(parts[2])"),
            ("a payload that is a list", "\(parts[0]).\(TestProvider.encoded([])).\(parts[2])"),
            ("a payload that is no text", "\(parts[0]).\(TestProvider.encoded([0xFF, 0xFE])).\(parts[2])"),
            ("a payload that is no JSON", "\(parts[0]).\(TestProvider.encoded("{".utf8)).\(parts[2])"),
            ("a huge token", try provider.token(["x": .string(String(repeating: "x", count: 20_000))])),
            ("a deep token", "\(parts[0]).\(TestProvider.encoded(deep.utf8)).\(parts[2])"),
        ]
        vectors += try [
            ["iss": nil], ["iss": "https://id.example.org/"], ["iss": "https://ID.example.org"],
            ["iss": "https://id.example.org.evil.example"], ["iss": ["https://id.example.org"]], ["iss": ""],
            ["aud": nil], ["aud": "other"], ["aud": []], ["aud": ["other", "more"]], ["aud": 1], ["aud": "Sluice"],
            ["aud": "sluice2"], ["aud": "sluice sluice-cli"], ["aud": ["sluice", 1]], ["azp": "other"], ["azp": 1],
            ["aud": ["sluice", "other"]],
            ["exp": nil], ["exp": "1800000300"], ["exp": 1_799_999_940], ["exp": 0], ["exp": -1], ["exp": true],
            ["exp": .number(1e300)], ["exp": .null], ["nbf": 1_800_000_061], ["nbf": "x"], ["iat": 1_800_000_061],
            ["iat": 1_800_000_050, "exp": 1_800_000_010, "nbf": nil], ["sub": nil], ["sub": ""], ["sub": 1],
            ["sub": "a\nb"], ["sub": .string(String(repeating: "a", count: 200))],
        ].map(claims)
        return vectors
    }

    @Test("B-08 A token with one thing wrong is not believed, whatever it is")
    func vectors() async throws {
        let provider = try TestProvider()
        let published = Published(try provider.keys())
        let verifier = published.verifier()
        // The one that all are made of is right.
        #expect(try await verifier.identity(of: Secret(try provider.token())).name == "u-1")
        let vectors = try Self.vectors(provider)
        #expect(vectors.count >= 90)
        for (what, token) in vectors {
            do {
                let name = try await verifier.identity(of: Secret(token)).name
                Issue.record("\(what) is believed to be \(name)")
            } catch {
                #expect(error as? AuthenticationFailure == .wrong, "\(what): \(error)")
            }
        }
        let reads = published.state.withLockedValue { $0.reads }
        #expect(reads == ["https://id.example.org/.well-known/openid-configuration", "https://keys.example.org/jwks"])
    }

    @Test("B-08 An e-mail address counts only when the provider says that it was verified")
    func email() async throws {
        let provider = try TestProvider()
        let verifier = Published(try provider.keys()).verifier { $0.userClaim = "email" }
        #expect(try await verifier.identity(of: Secret(try provider.token())).name == "anna@example.org")
        for changes: [String: JSONValue?] in [
            ["email_verified": false], ["email_verified": nil], ["email_verified": "true"], ["email": nil],
            ["email": ""],
        ] {
            let token = Secret(try provider.token(changes))
            await #expect(throws: AuthenticationFailure.wrong) { try await verifier.identity(of: token) }
        }
    }

    @Test("B-08 Clocks may differ by a minute and not by more")
    func skew() async throws {
        let provider = try TestProvider()
        let verifier = Published(try provider.keys()).verifier()
        for (changes, isBelieved): ([String: JSONValue?], Bool) in [
            (["exp": 1_799_999_991], true), (["exp": 1_799_999_990], true),
            (["exp": 1_799_999_941, "iat": nil, "nbf": nil], true),
            (["exp": 1_799_999_940, "iat": nil, "nbf": nil], false), (["nbf": 1_800_000_060], true),
            (["nbf": 1_800_000_061], false), (["iat": 1_800_000_060], true), (["iat": 1_800_000_061], false),
            (["exp": .number(1_799_999_940.5), "iat": nil, "nbf": nil], true),
        ] {
            let token = Secret(try provider.token(changes))
            let name = try? await verifier.identity(of: token).name
            #expect((name != nil) == isBelieved, "\(changes)")
        }
    }
}
