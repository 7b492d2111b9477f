import Diagnostics

/// The path of a project on its forge, such as `registries/land`: parts separated by slashes.
public struct ProjectRef: Hashable, Sendable, Codable {
    /// The path.
    public let path: String

    /// Reads a project's path.
    /// - Throws: `forge.project-invalid` when it is empty or long, begins or ends with a slash, has a part that is empty,
    ///   begins with a dot or a dash, or has characters other than letters, digits, `.`, `_`, `-`, `+` and `~`.
    public init(_ path: String) throws {
        let parts = path.parts(at: "/")
        guard path.utf8.count <= 255, parts.allSatisfy(ProjectRef.isAllowed) else {
            throw SluiceError(
                "forge.project-invalid", .stalled, "a project's path has parts of letters, digits and . _ - + ~",
                hint: "for example registries/land", detail: String(path.debugDescription.prefix(300)))
        }
        self.path = path
    }

    private static func isAllowed(_ part: Substring) -> Bool {
        guard let first = part.first, !".-~".contains(first) else { return false }
        return part.allSatisfy { $0.isLetter || $0.isNumber || "._-+~".contains($0) }
    }

    /// Reads a path and checks it.
    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the path as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(path)
    }
}

extension ProjectRef: CustomStringConvertible {
    /// The path.
    public var description: String { path }
}
