import Diagnostics

/// The name a forge gives a candidate: a number, a Gerrit change id, or whatever stands after `candidate/` in a branch.
///
/// It is a stranger's text: it may hold slashes, quotes, dashes and any letters, and must be quoted or hashed wherever
/// it becomes a part of another name. Two ids are equal when their bytes are; Swift's own comparison of strings would
/// take composed and decomposed letters for the same.
public struct CandidateID: Sendable {
    /// The id as the forge spells it.
    public let rawValue: String

    /// The most bytes of an id: two hundred letters of whatever script.
    public static let maximumLength = 800

    /// Takes an id from a forge.
    /// - Throws: `forge.candidate-id-invalid` when it is empty, too long, or has control characters.
    public init(_ text: String) throws {
        guard !text.isEmpty, text.utf8.count <= CandidateID.maximumLength,
            !text.unicodeScalars.contains(where: \.isControl)
        else {
            throw SluiceError(
                "forge.candidate-id-invalid", .stalled,
                "a candidate's id has 1 to \(CandidateID.maximumLength) bytes and no control characters",
                detail: String(text.debugDescription.prefix(300)))
        }
        rawValue = text
    }
}

extension CandidateID: Hashable {
    /// Whether the ids have the same bytes.
    public static func == (left: CandidateID, right: CandidateID) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }
    /// Hashes the id's bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in rawValue.utf8 { hasher.combine(byte) }
    }
}

extension CandidateID: Comparable {
    /// Orders numbers by value and before all else, other ids by their bytes.
    public static func < (left: CandidateID, right: CandidateID) -> Bool {
        switch (UInt64(left.rawValue), UInt64(right.rawValue)) {
        case (let one?, let other?) where one != other: one < other
        case (.some, nil): true
        case (nil, .some): false
        default: left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
        }
    }
}

extension CandidateID: CustomStringConvertible {
    /// The id as the forge spells it.
    public var description: String { rawValue }
}

extension CandidateID: Codable {
    /// Reads an id and checks it.
    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }
    /// Writes the id as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
