import CLibgit2
import Diagnostics

/// The name of a git object: its SHA-1, as 40 lower-case hexadecimal digits.
///
/// A value of this type is well formed; whether such an object exists is another question.
public struct ObjectID: Hashable, Sendable {
    /// The 40 digits.
    public let hex: String

    /// Reads 40 hexadecimal digits, of either case. Abbreviations are refused.
    /// - Throws: `git.object-id-invalid`.
    public init(_ text: String) throws {
        guard let id = ObjectID(exactly: text) else {
            throw SluiceError(
                "git.object-id-invalid", .stalled, "an object id has 40 hexadecimal digits",
                detail: text.debugDescription)
        }
        self = id
    }

    /// Reads 40 hexadecimal digits; nil for anything else.
    public init?(exactly text: some StringProtocol) {
        guard text.utf8.count == 40, text.utf8.allSatisfy(\.isHexadecimalDigit) else { return nil }
        hex = text.lowercased()
    }

    /// The first ten digits, for people.
    public var abbreviated: String { String(hex.prefix(10)) }
}

extension ObjectID: CustomStringConvertible {
    /// The 40 digits.
    public var description: String { hex }
}

extension ObjectID: Comparable {
    /// Orders ids by their digits.
    public static func < (left: ObjectID, right: ObjectID) -> Bool { left.hex < right.hex }
}

extension ObjectID: Codable {
    /// Reads 40 digits from a string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ObjectID(exactly: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no object id")
        }
        self = id
    }

    /// Writes the digits as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}

extension ObjectID {
    /// The id that libgit2 handed out; nil for no id and for the id of all zeros, which stands for none.
    init?(_ pointer: UnsafePointer<git_oid>?) {
        guard let raw = pointer?.pointee else { return nil }
        self.init(raw)
    }

    /// The id; nil for the id of all zeros, which stands for none.
    init?(_ raw: git_oid) {
        var raw = raw
        guard git_oid_is_zero(&raw) == 0 else { return nil }
        hex = String(unsafeUninitializedCapacity: 40) { digits in
            digits.withMemoryRebound(to: CChar.self) { _ = git_oid_fmt($0.baseAddress, &raw) }
            return 40
        }
    }

    /// The id as libgit2 takes it.
    var raw: git_oid {
        var raw = git_oid()
        git_oid_fromstrn(&raw, hex, 40)
        return raw
    }
}

extension UInt8 {
    var isHexadecimalDigit: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
