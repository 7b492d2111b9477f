import Diagnostics

/// The full name of a reference, such as `refs/heads/main`, or `HEAD`.
///
/// A value of this type obeys the grammar of `git check-ref-format` and begins with `refs/`, so that it is never taken
/// for an option in an argument list, not even for a branch named `-h`. Two names are equal when their bytes are: git
/// keeps `é` composed and decomposed apart, though Swift's `String` does not.
public struct RefName: Sendable {
    /// The name. Compare names, not these strings: see the type's comment.
    public let rawValue: String

    /// The most bytes a name may have: libgit2 reads no more than 1024 with the one that ends it.
    public static let maximumLength = 1000

    /// Reads a full reference name.
    /// - Throws: `git.reference-name-invalid`, with the rule that is broken.
    public init(_ name: String) throws {
        if let problem = RefName.problem(of: name) {
            throw SluiceError(
                "git.reference-name-invalid", .stalled, "the reference name is not allowed: \(problem)",
                detail: String(name.debugDescription.prefix(300)))
        }
        rawValue = name
    }

    /// The reference of a branch: `refs/heads/<name>`.
    /// - Throws: `git.reference-name-invalid`.
    public static func branch(_ name: String) throws -> RefName { try RefName("refs/heads/\(name)") }

    /// What stands after `prefix`, byte for byte; nil when the name does not begin with it.
    public func suffix(after prefix: String) -> String? {
        guard rawValue.utf8.starts(with: prefix.utf8) else { return nil }
        return String(decoding: rawValue.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    /// The branch's name when this is a branch.
    public var branchName: String? { suffix(after: "refs/heads/") }
}

extension RefName: Hashable {
    /// Whether the names have the same bytes.
    public static func == (left: RefName, right: RefName) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }
    /// Hashes the name's bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in rawValue.utf8 { hasher.combine(byte) }
    }
}

extension RefName: Comparable {
    /// Orders names by their bytes, as git does.
    public static func < (left: RefName, right: RefName) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

extension RefName: CustomStringConvertible {
    /// The name.
    public var description: String { rawValue }
}

extension RefName: Codable {
    /// Reads a name and checks it.
    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the name as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
