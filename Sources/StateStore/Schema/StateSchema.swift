import Changelog
import Foundation

/// The controller's own schema, as a changelog.
///
/// Times are the database's own (`statement_timestamp()`): the clocks of the replicas decide nothing. Everything lies in a
/// schema of our own, the changelog's books included, so that the store can share a database.
struct StateSchema: Sendable {
    /// The versions, the oldest first.
    let versions: [SchemaVersion]

    /// The schema of this program.
    static let current = StateSchema(versions: [.version1, .version2])

    /// The name under which the changelog stands in the books.
    static let path = "sluice/state-store.sql"

    /// Where everything lies.
    static let name = "sluice"

    /// The newest version; 0 when there is none.
    var version: Int { versions.last?.number ?? 0 }

    /// The oldest program that works on it.
    var oldestProgram: Int { versions.last?.oldestProgram ?? 0 }

    /// The whole changelog, or that of one version, or the changesets that are wanted of it.
    func changelog(of version: Int? = nil, having isWanted: (String) -> Bool = { _ in true }) throws
        -> PreparedChangelog
    {
        let changesets = versions.filter { version == nil || $0.number == version }.flatMap { version in
            version.changesets.components(separatedBy: Self.mark).dropFirst()
        }
        let text = changesets.filter { isWanted(String($0.prefix { !$0.isWhitespace })) }.map { Self.mark + $0 }
        let source = MemorySource([Self.path: Array(("--liquibase formatted sql\n\n" + text.joined()).utf8)])
        return try PreparedChangelog(try ChangelogReader(source: source).read(Self.path), source: source)
    }

    /// What a changeset begins with.
    private static let mark = "--changeset sluice:"

    /// How it is deployed. Locks on tables that are in use are waited for shorter than the server takes to look for
    /// deadlocks, and again: nobody else stands still for longer.
    static var options: DeployerOptions {
        DeployerOptions(books: BooksLayout(schema: name), lockPoll: .milliseconds(50), owner: "sluice state store")
    }
}
