import Crypto
import CryptoExtras
import DesiredState
import Diagnostics
import Foundation
import Logging
import NIOConcurrencyHelpers

@testable import IdentityTokens

/// A provider with keys of its own, that makes tokens, right ones and wrong ones.
struct TestProvider: Sendable {
    static let issuer = "https://id.example.org"
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    let elliptic = P256.Signing.PrivateKey()
    let edwards = Curve25519.Signing.PrivateKey()
    let rsa: _RSA.Signing.PrivateKey

    init() throws { rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    static let claims: [String: JSONValue] = [
        "iss": .string(issuer), "aud": "sluice", "sub": "u-1", "email": "anna@example.org", "email_verified": true,
        "groups": ["land", "infra"], "exp": 1_800_000_300, "iat": 1_799_999_990, "nbf": 1_799_999_990,
    ]

    static func encoded(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func encoded(_ value: JSONValue) -> String { encoded(value.canonicalText.utf8) }

    /// A token by the elliptic key, with some claims and header fields changed.
    func token(
        _ changes: [String: JSONValue?] = [:], header: [String: JSONValue?] = [:],
        by key: P256.Signing.PrivateKey? = nil
    ) throws -> String {
        let text = Self.unsigned(changes, header: header)
        let signature = try (key ?? elliptic).signature(for: Data(text.utf8))
        return "\(text).\(Self.encoded(signature.rawRepresentation))"
    }

    func rsaToken(_ changes: [String: JSONValue?] = [:], header: [String: JSONValue?] = [:]) throws -> String {
        let text = Self.unsigned(changes, header: ["alg": "RS256", "kid": "rsa"].merging(header) { $1 })
        let signature = try rsa.signature(
            for: SHA256.hash(data: Data(text.utf8)), padding: .insecurePKCS1v1_5)
        return "\(text).\(Self.encoded(signature.rawRepresentation))"
    }

    static func unsigned(_ changes: [String: JSONValue?] = [:], header: [String: JSONValue?] = [:]) -> String {
        var claims = claims
        for (name, value) in changes { claims[name] = value }
        var fields: [String: JSONValue] = ["alg": "ES256", "kid": "ec", "typ": "JWT"]
        for (name, value) in header { fields[name] = value }
        return "\(encoded(.object(fields))).\(encoded(.object(claims)))"
    }

    static func key(_ key: P256.Signing.PublicKey, _ id: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
        let raw = Array(key.rawRepresentation)
        let members: [String: JSONValue] = [
            "kty": "EC", "crv": "P-256", "kid": .string(id), "x": .string(encoded(raw.prefix(32))),
            "y": .string(encoded(raw.dropFirst(32))),
        ]
        return .object(members.merging(more) { $1 })
    }

    func keys() throws -> [JSONValue] {
        let primitives = try rsa.publicKey.getKeyPrimitives()
        let rsaKey: [String: JSONValue] = [
            "kty": "RSA", "n": .string(Self.encoded(primitives.modulus)),
            "e": .string(Self.encoded(primitives.publicExponent)),
        ]
        func named(_ id: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
            .object(rsaKey.merging(["kid": .string(id)]) { $1 }.merging(more) { $1 })
        }
        return [
            ["kty": "oct", "kid": "secret", "k": "AAAA"], Self.key(elliptic.publicKey, "ec", ["use": "sig"]),
            named("rsa"), named("rsa-for-encryption", ["use": "enc"]), named("rsa-384", ["alg": "RS384"]),
            Self.key(elliptic.publicKey, "other-curve", ["crv": "P-384"]),
            ["kty": "RSA", "kid": "small", "n": .string(String(repeating: "A", count: 171)), "e": "AQAB"],
            [
                "kty": "OKP", "crv": "Ed25519", "kid": "ed",
                "x": .string(Self.encoded(edwards.publicKey.rawRepresentation)),
            ],
        ]
    }
}

/// What a provider publishes, to be changed under a verifier.
final class Published: Sendable {
    struct State: Sendable {
        var keys: [JSONValue]
        var issuer = TestProvider.issuer
        var isDown = false
        var reads: [String] = []
        var time = TestProvider.now
    }

    let state: NIOLockedValueBox<State>

    init(_ keys: [JSONValue]) { state = NIOLockedValueBox(State(keys: keys)) }

    func verifier(_ change: (inout IdentityProvider) -> Void = { _ in }) -> IdentityTokenVerifier {
        var provider = IdentityProvider(issuer: TestProvider.issuer, audiences: ["sluice", "sluice-cli"])
        change(&provider)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return IdentityTokenVerifier(
            provider, documents: { try self.read($0) }, now: { self.state.withLockedValue { $0.time } }, logger: logger)
    }

    private func read(_ url: String) throws -> [UInt8] {
        try state.withLockedValue { state in
            state.reads.append(url)
            guard !state.isDown else { throw SluiceError("outbound.unreachable", .transient, "down") }
            let document: JSONValue =
                url.hasSuffix("/.well-known/openid-configuration")
                ? ["issuer": .string(state.issuer), "jwks_uri": "https://keys.example.org/jwks"]
                : ["keys": .array(state.keys)]
            return Array(document.canonicalText.utf8)
        }
    }
}
