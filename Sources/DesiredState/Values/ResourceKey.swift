import Diagnostics

/// The name under which a resource is stored, queued and shown: `Registry/land`, `Candidate/land/1042`.
///
/// A key is a kind and a name. The name of a thing that lives below another one is composed of components joined by
/// `/`; characters of a component that would be mistaken for the separator, and control characters, are
/// percent-encoded, so that ids which strangers chose (a branch name, a change id) can stand in a key.
public struct ResourceKey: Sendable {
    /// The kind, such as `Registry`.
    public let kind: String
    /// The name as it is stored: the encoded components joined by `/`.
    public let name: String

    /// Makes a key of a kind and a stored name, which for most kinds is `metadata.name`.
    public init(kind: String, name: String) {
        self.kind = kind
        self.name = name
    }

    /// Makes a key of a kind and the components of a composed name, encoding each.
    public init(kind: String, components: [String]) {
        self.kind = kind
        self.name = components.map(Self.encode).joined(separator: "/")
    }

    /// The components of the name, decoded.
    public var components: [String] {
        name.parts(at: "/").map { Self.decode($0) }
    }

    private static func encode(_ component: String) -> String {
        var text = ""
        for scalar in component.unicodeScalars {
            if scalar == "/" || scalar == "%" || scalar.isControl {
                for byte in String(scalar).utf8 {
                    let digits = String(byte, radix: 16, uppercase: true)
                    text += byte < 16 ? "%0\(digits)" : "%\(digits)"
                }
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Decodes what ``encode(_:)`` made; a percent sign that starts no two hexadecimal digits stands for itself.
    private static func decode(_ component: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = component.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ Character(.init($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ResourceKey: LosslessStringConvertible {
    /// `Kind/name`.
    public var description: String { "\(kind)/\(name)" }

    /// Reads `Kind/name`; nil when the kind or the name is missing.
    public init?(_ description: String) {
        let parts = description.parts(at: "/", maxSplits: 1)
        guard let kind = parts.first, let name = parts.last, parts.count == 2, !kind.isEmpty, !name.isEmpty else {
            return nil
        }
        self.init(kind: String(kind), name: String(name))
    }
}

extension ResourceKey: Hashable {
    /// Whether the keys have the same bytes, as in the store: Swift's own comparison would take composed and decomposed
    /// letters for the same, and two candidates for one.
    public static func == (left: ResourceKey, right: ResourceKey) -> Bool {
        left.kind.utf8.elementsEqual(right.kind.utf8) && left.name.utf8.elementsEqual(right.name.utf8)
    }

    /// Hashes the bytes of both parts.
    public func hash(into hasher: inout Hasher) {
        for byte in kind.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(ascii: "/"))
        for byte in name.utf8 { hasher.combine(byte) }
    }
}

extension ResourceKey: Comparable {
    /// By kind, then by name, each by its bytes.
    public static func < (left: ResourceKey, right: ResourceKey) -> Bool {
        if !left.kind.utf8.elementsEqual(right.kind.utf8) {
            return left.kind.utf8.lexicographicallyPrecedes(right.kind.utf8)
        }
        return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
}

extension ResourceKey: Codable {
    /// Reads the one string `Kind/name`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let key = ResourceKey(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected Kind/name")
        }
        self = key
    }

    /// Writes the one string `Kind/name`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
