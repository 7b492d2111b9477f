import Diagnostics
import PostgresClient

/// What keeps a deployer that has lost the lock from changing anything more.
///
/// Liquibase's row says who holds the lock, in words that no other run has. Each transaction begins with reading that
/// row, and keeps it from changing until it ends: a run that was deposed while it was frozen, or whose row was released
/// by hand, finds other words there, and its transaction is rolled back.
struct Fence: Sendable {
    /// What the row says while this run holds the lock.
    let holder: String
    /// The table of the lock as SQL text.
    let table: String
    /// What only this run has.
    let token: String

    /// The statement that fails unless the lock is held, and else keeps it so until the transaction ends.
    ///
    /// Plain SQL has no way to raise an error but to compute one: what is no number says what is wrong.
    var statement: String {
        """
        SELECT coalesce((SELECT '1' FROM \(table) WHERE \(condition) FOR SHARE), \(SQLValue.string(breach)))::integer
        """
    }

    /// When the row is this run's.
    var condition: String { "ID = 1 AND LOCKED AND LOCKEDBY = \(SQLValue.string(holder))" }

    private var breach: String { "the lock of run \(token) is gone" }

    /// Whether the statement failed because the lock is gone.
    func isBreach(_ error: PostgresError) -> Bool { error.sqlState == "22P02" && error.message.contains(breach) }

    /// What is thrown then.
    ///
    /// - Parameter what: What did not happen, such as `changeset x was rolled back`.
    static func lost(_ what: String, at location: SourceLocation? = nil) -> SluiceError {
        SluiceError(
            "changelog.lock-lost", .conflict, "another run took over the lock of this database meanwhile: \(what)",
            hint: "see who deploys there, then run the command again", at: location)
    }

    /// Runs a statement of our own on `connection`, in one transaction with the check.
    func execute(_ statement: String, on connection: PostgresConnection) async throws {
        do {
            try await connection.runScript("\(self.statement);\n\(statement)")
        } catch let error as PostgresError where isBreach(error) {
            throw Self.lost("nothing was written into the books")
        }
    }
}
