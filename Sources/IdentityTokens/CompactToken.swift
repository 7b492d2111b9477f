import DesiredState
import Diagnostics
import Foundation

/// A token taken apart, before anything of it is believed.
struct CompactToken: Sendable {
    let algorithm: SigningAlgorithm
    let keyID: String
    let claims: JSONValue

    /// How long a token may be, in bytes.
    static let limit = 16 << 10

    init(_ token: Secret<String>, allowing algorithms: [SigningAlgorithm]) throws(TokenFault) {
        let text = token.reveal()
        guard text.utf8.count <= Self.limit else { throw .malformed("it is too long") }
        let parts = text.parts(at: ".")
        guard parts.count == 3 else { throw .malformed("it has not three parts") }
        let header = try Self.object(parts[0], "header")
        claims = try Self.object(parts[1], "payload")
        _ = try Self.bytes(parts[2], "signature")
        if let type = header["typ"] {
            guard ["jwt", "at+jwt", "application/at+jwt"].contains(type.string?.lowercased()) else {
                throw .malformed("it is of another type")
            }
        }
        // What has to be understood is not.
        guard header["crit"] == nil, header["zip"] == nil, header["b64"] == nil else {
            throw .malformed("it has extensions that are not known")
        }
        guard let algorithm = header["alg"]?.string.flatMap(SigningAlgorithm.init(rawValue:)),
            algorithms.contains(algorithm)
        else { throw .unsigned("its algorithm is not allowed") }
        // Keys that a token brings along, or tells where to find, prove nothing: only the name of one of ours counts.
        guard let keyID = header["kid"]?.string, (1...256).contains(keyID.utf8.count) else {
            throw .unsigned("it names no key")
        }
        self.algorithm = algorithm
        self.keyID = keyID
    }

    private static func object(_ part: Substring, _ name: String) throws(TokenFault) -> JSONValue {
        guard let text = String(validating: try bytes(part, name), as: UTF8.self),
            let value = try? JSONValue(parsing: text),
            value.object != nil
        else { throw .malformed("its \(name) is no JSON object") }
        return value
    }

    /// Base64 for URLs without padding, in the one form that there is for some bytes.
    private static func bytes(_ part: Substring, _ name: String) throws(TokenFault) -> [UInt8] {
        let plain = part.replacingAll("-", with: "+").replacingAll("_", with: "/")
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        guard !part.isEmpty, part.utf8.allSatisfy(isLetter), let data = Data(base64Encoded: plain + padding),
            data.base64EncodedString() == plain + padding
        else { throw .malformed("its \(name) is not base64url") }
        return Array(data)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
