import Changelog

@testable import ChangelogLint

/// Judges changelogs that stand in tests as formatted SQL.
enum Judging {
    /// A table, two indexes and a view that are deployed.
    static let deployed = """
        --changeset a:deployed-1 splitStatements:true
        CREATE TABLE t (id int NOT NULL, name varchar(20), amount numeric(10,2), made date);
        CREATE TABLE s.other (id bigint PRIMARY KEY);
        CREATE INDEX t_name ON t (name);
        CREATE INDEX other_id ON s.other (id);
        --rollback empty
        """

    /// Understands files, the root of which is `changelog.sql` or the only one.
    static func prepare(_ files: [String: String]) throws -> PreparedChangelog {
        let source = MemorySource(files.mapValues { Array($0.utf8) })
        let root = files.count == 1 ? files.keys.first : nil
        let resolved = try ChangelogReader(source: source).read(root ?? "changelog.sql")
        return try PreparedChangelog(resolved, source: source)
    }

    static func formatted(_ text: String) -> String { "--liquibase formatted sql\n\(text)\n" }

    /// What is said about one new changeset behind the deployed one, as `rule: message`.
    static func findings(
        _ sql: String, attributes: String = "", base: String = deployed, policy: LintPolicy = LintPolicy()
    ) throws -> [LintFinding] {
        let new = "--changeset a:new \(attributes)\n\(sql)\n--rollback empty"
        return try findings(base: base, changed: "\(base)\n\(new)", policy: policy)
    }

    /// What is said about a changelog on a base, both the text of one file.
    static func findings(
        base: String?, changed: String, policy: LintPolicy = LintPolicy()
    ) throws -> [LintFinding] {
        let base = try base.map { try prepare(["changelog.sql": formatted($0)]) }
        let changelog = try prepare(["changelog.sql": formatted(changed)])
        return ChangelogLinter(policy: policy).findings(in: changelog, base: base)
    }
}
