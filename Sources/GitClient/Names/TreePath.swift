import Diagnostics

/// A path inside a commit's tree: relative, without `.` and `..`, parts separated by `/`; empty for the whole tree.
struct TreePath: Sendable {
    let parts: [String]

    /// Reads a path as users write it; one slash at the end is allowed and `.` alone is the whole tree.
    /// - Throws: `git.path-invalid`.
    init(_ text: String) throws {
        var parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        if parts.last == "" { parts.removeLast() }
        if parts == ["."] { parts = [] }
        for part in parts where ["", ".", ".."].contains(part) || part.utf8.contains(0) {
            throw SluiceError(
                "git.path-invalid", .stalled, "a path in a repository is relative and has no empty, . or .. parts",
                detail: text.debugDescription)
        }
        self.parts = parts
    }

    var text: String { parts.joined(separator: "/") }

    /// Whether `other` is this path or lies below it.
    func contains(_ other: TreePath) -> Bool {
        other.parts.count >= parts.count && zip(parts, other.parts).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    /// The paths without those that lie below another one, so that no file is met twice.
    static func roots(of paths: [TreePath]) -> [TreePath] {
        var roots: [TreePath] = []
        for path in paths.sorted(by: { $0.parts.count < $1.parts.count })
        where !roots.contains(where: { $0.contains(path) }) {
            roots.append(path)
        }
        return roots
    }
}
