import Diagnostics

/// Lists of database kinds: `postgresql,h2`, `!oracle`, `all`, `none`.
public enum DbmsList {
    /// The name by which Liquibase knows PostgreSQL. It has no other.
    public static let postgresql = "postgresql"

    /// Whether a list names a database; nil or blank names every one.
    ///
    /// The lists of changesets are read in lower case; those of changes, properties and statement modifications are
    /// compared as they are written (`ignoringCase: false`): `PostgreSQL` on a `sql` change never matches.
    public static func matches(_ list: String?, database: String = postgresql, ignoringCase: Bool) -> Bool {
        guard let list, list.javaTrimmedToNil != nil else { return true }
        let names = (ignoringCase ? list.lowercased() : list).words(at: ",").map(\.javaTrimmed)
        if names.contains("all") { return true }
        if names.contains("none") || names.contains("!" + database) { return false }
        let wanted = names.filter { !$0.begins(with: "!") && !$0.isEmpty }
        return wanted.isEmpty || wanted.contains(database)
    }
}
