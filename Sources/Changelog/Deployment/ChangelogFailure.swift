public import Diagnostics
import PostgresClient

/// A changeset that failed on the server: which one, where it stands, which of its statements, and the server's words.
public struct ChangelogFailure: Error, Sendable {
    /// The changeset.
    public var identity: ChangeSet.Identity
    /// Where the failing statement stands, or the changeset when the statement was generated.
    public var location: SourceLocation
    /// The number of the failing statement, from 1; nil when it was the row in the books or the commit.
    public var statement: Int?
    /// How many statements the changeset has.
    public var statementCount: Int
    /// The failing statement, cut after 2000 characters.
    public var sql: String?
    /// Where in the statement, characters from 1; nil when the server does not say.
    public var position: Int?
    /// The server's five-character code; nil when it was not the server that failed.
    public var sqlState: String?
    /// The server's primary message.
    public var message: String
    /// More of the server's words. They may hold data.
    public var detail: String?
    /// The server's advice.
    public var hint: String?
    /// Whether the same attempt may succeed later.
    public var isTransient: Bool
    /// The error below.
    public var cause: any Error
    /// How often it was tried.
    public var attempts = 1
    /// Who stood in the way, as seen while it waited.
    public var blockers: [BlockingSession] = []

    /// Whether the changeset itself is what failed, and not the session under it.
    var isItsOwn: Bool { sqlState != nil || cause is ChangeFailure }
}

extension ChangelogFailure: SluiceErrorConvertible {
    /// `changelog.changeset-failed`
    public var sluiceError: SluiceError {
        var text = "changeset \(identity) failed"
        if let statement { text += " at statement \(statement) of \(statementCount)" }
        text += ": \(message)"
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        if attempts > 1 { text += ", \(attempts) times" }
        let details =
            [
                detail.map { "server detail: \($0)" }, position.map { "position: character \($0) of the statement" },
                sql.map { "statement:\n\($0)" },
            ] + blockers.map { "\($0.isRoot ? "blocked by" : "which waits, too:") \($0)" }
        return SluiceError(
            "changelog.changeset-failed", isTransient ? .transient : .stalled, text, hint: hint, at: location,
            detail: details.compactMap(\.self).joined(separator: "\n"), cause: cause)
    }
}
