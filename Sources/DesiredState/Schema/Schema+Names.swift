import Diagnostics

extension Schema where Value == String {
    /// The name of a resource: an RFC 1123 label.
    static let label = text(
        expected: "lower-case letters, digits and \"-\", a letter or digit at both ends, 63 at most",
        pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"
    ) { $0.wholeMatch(of: /[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/) != nil }

    /// The name of a database. Narrower than PostgreSQL's rules, so that it needs no care anywhere.
    static let databaseName = text(
        expected:
            "lower-case letters, digits, \"_\" and \"-\", a letter first, 63 at most, and none of PostgreSQL's own",
        pattern: "^[a-z][-_a-z0-9]{0,62}$"
    ) { $0.wholeMatch(of: /[a-z][-_a-z0-9]{0,62}/) != nil && !systemDatabases.contains($0) }

    /// The start of databases' names, with room for an id behind it. Databases of PostgreSQL may not begin so.
    static let databasePrefix = text(
        expected: "lower-case letters, digits, \"_\" and \"-\", a letter first, \"_\" or \"-\" last, 32 at most",
        pattern: "^[a-z][-_a-z0-9]{0,30}[-_]$"
    ) { $0.wholeMatch(of: /[a-z][-_a-z0-9]{0,30}[-_]/) != nil }

    /// The name of a role.
    static let roleName = text(
        expected: "lower-case letters, digits, \"_\" and \"-\", a letter first, 63 at most, not beginning with \"pg_\"",
        pattern: "^(?!pg_)[a-z][-_a-z0-9]{0,62}$"
    ) { $0.wholeMatch(of: /[a-z][-_a-z0-9]{0,62}/) != nil && !$0.begins(with: "pg_") && !reservedRoles.contains($0) }

    /// The name of a schema or table.
    static let identifier = text(
        expected: "letters, digits and \"_\", no digit first, 63 at most", pattern: "^[A-Za-z_][A-Za-z0-9_]{0,62}$"
    ) { $0.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,62}/) != nil }

    /// An element of a search path: a schema, or `$user`.
    static let searchPathElement = text(expected: "the name of a schema, or $user") {
        $0 == "$user" || $0.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,62}/) != nil
    }

    /// The name of a branch by git's rules, without those characters that need care anywhere.
    static let branch = text(expected: "the name of a git branch") { name in
        name.wholeMatch(of: /[A-Za-z0-9_.\/+=#@-]{1,200}/) != nil && !name.holds("..") && !name.holds("@{")
            && name != "@"
            && name.parts(at: "/").allSatisfy {
                !$0.isEmpty && !$0.begins(with: ".") && !$0.begins(with: "-") && !$0.ends(with: ".")
                    && !$0.ends(with: ".lock")
            }
    }

    /// A project on a forge, such as `land` or `group/land`.
    static let project = text(
        expected: "names joined by \"/\", each of letters, digits, \".\", \"_\" and \"-\", a letter or digit first"
    ) { name in
        name.utf8.count <= 255
            && name.parts(at: "/").allSatisfy {
                $0.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil && !$0.holds("..")
            }
    }

    /// A path inside a repository.
    static let repositoryPath = text(
        expected: "a path inside the repository: relative, by \"/\", without \".\" and \"..\""
    ) { isPlainPath($0[...]) }

    /// A path on this machine.
    static let absolutePath = text(expected: "an absolute path without \".\" and \"..\"") {
        $0.begins(with: "/") && isPlainPath($0.dropFirst())
    }

    /// The name of an environment variable.
    static let variableName = text(
        expected: "the name of an environment variable", pattern: "^[A-Za-z_][A-Za-z0-9_]{0,254}$"
    ) { $0.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,254}/) != nil }

    private static let systemDatabases: Set<String> = ["postgres", "template0", "template1"]
    private static let reservedRoles: Set<String> = ["postgres", "public", "none"]

    private static func isPlainPath(_ path: Substring) -> Bool {
        path.utf8.count <= 1024 && !path.holds("\\")
            && !path.unicodeScalars.contains(where: \.isControl)
            && path.parts(at: "/").allSatisfy {
                !$0.isEmpty && $0 != "." && $0 != ".."
            }
    }
}
