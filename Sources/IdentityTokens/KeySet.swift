import DesiredState
import Diagnostics
import Foundation
import JWTKit

/// The keys with which a provider signs, as it publishes them.
struct KeySet: Sendable {
    private let keys: [JSONValue]

    /// How many keys there may be.
    static let limit = 100

    /// Reads a JSON Web Key Set. Keys that nothing can be verified with are passed over.
    init(_ bytes: [UInt8]) throws(SluiceError) {
        guard let text = String(validating: bytes, as: UTF8.self), let document = try? JSONValue(parsing: text),
            let written = document["keys"]?.array, written.count <= Self.limit
        else {
            throw SluiceError(
                "identity.keys-unreadable", .transient, "the provider's keys are not understood",
                hint: "jwks_uri of its discovery document is read")
        }
        keys = written
    }

    /// The key of a name for an algorithm; nil when the provider has none.
    func key(_ id: String, for algorithm: SigningAlgorithm) -> ProviderKey? {
        keys.lazy.compactMap { ProviderKey($0, named: id, for: algorithm) }.first
    }
}

/// One key of a provider, for one algorithm.
struct ProviderKey: Sendable {
    private let key: JWK

    /// Takes a key, when it has this name and is good for this algorithm.
    fileprivate init?(_ written: JSONValue, named id: String, for algorithm: SigningAlgorithm) {
        guard written["kid"]?.string == id, written["kty"]?.string == algorithm.key.type,
            written["crv"]?.string == algorithm.key.curve
        else { return nil }
        if let alone = written["alg"], alone.string != algorithm.rawValue { return nil }
        if let use = written["use"], use.string != "sig" { return nil }
        if let operations = written["key_ops"], operations.array?.contains("verify") != true { return nil }
        let identifier = JWKIdentifier(string: id)
        switch algorithm.key.type {
        case "RSA":
            guard let modulus = written["n"]?.string, let exponent = written["e"]?.string,
                // 2048 to 8192 bits, and no exponent that costs minutes.
                (342...1_400).contains(modulus.utf8.count), (1...8).contains(exponent.utf8.count)
            else { return nil }
            key = .rsa(
                .init(rawValue: algorithm.rawValue), identifier: identifier, modulus: modulus, exponent: exponent)
        case "EC":
            key = .ecdsa(
                .init(rawValue: algorithm.rawValue), identifier: identifier, x: written["x"]?.string,
                y: written["y"]?.string, curve: algorithm.key.curve.flatMap { ECDSACurve(rawValue: $0) })
        default:
            key = .octetKeyPair(
                .init(rawValue: algorithm.rawValue), identifier: identifier, x: written["x"]?.string, y: nil,
                curve: .ed25519)
        }
    }

    private struct Unread: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    /// Throws unless the key signed the token. The algorithm is the key's, whatever the token says.
    func verify(_ token: Secret<String>) async throws {
        let alone = JWTKeyCollection()
        try await alone.add(jwk: key)
        _ = try await alone.verify(token.reveal(), as: Unread.self)
    }
}
