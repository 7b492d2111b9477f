public import PostgresClient

/// The text of `update-sql`: everything that an update would send, for people to read and for `psql` to run.
public struct UpdateScript: Sendable {
    /// The text.
    public let text: String

    /// Writes the text.
    ///
    /// - Parameters:
    ///   - changelog: The changelog.
    ///   - books: The books; nil when there are none yet.
    ///   - options: How the update would work, where it stops included.
    ///   - connection: Where the catalogs are asked, when that decides the text; nil for what can be known without.
    /// - Throws: what ``DeploymentPlan/requireAccepted()`` and the changes throw; `SluiceError`
    ///   `changelog.precondition-failed` for conditions whose author wants them to count for scripts too.
    public init(
        _ changelog: PreparedChangelog, books: Books?, options: DeployerOptions,
        connection: PostgresConnection? = nil
    ) async throws {
        let plan = DeploymentPlan(changelog, books: books ?? Books())
        try plan.requireAccepted()
        var conditions: ConditionCheck?
        if let connection {
            let user = try await connection.execute("SELECT session_user::text").single().string(0)
            conditions = ConditionCheck(
                connection: connection, changelog: changelog, books: books ?? Books(), user: user, isScript: true)
        }
        let warnings = try await conditions?.requireChangelog() ?? []
        var order = books?.nextOrder ?? 1
        let deploymentID = options.deploymentID()
        let title = Self.title(options)
        text = try await ScriptWriter.script(title, changelog, books: books, options: options) { writer in
            for warning in warnings { writer.comment("WARNING: \(warning)") }
            for step in plan.steps(limit: options.limit, untilTag: options.untilTag) where step.isPending {
                let prepared = step.prepared
                writer.title("Changeset \(prepared.identity)", prepared)
                var execType = step.execType
                if step.action != .markRan {
                    let (verdict, message) =
                        try await conditions?.verdict(on: prepared) ?? (.run, message: nil)
                    if let message { writer.comment("WARNING: \(message)") }
                    if verdict == .skip { continue }
                    if verdict == .markRan {
                        execType = step.action == .rerun ? .reran : .markRan
                    } else {
                        if prepared.isForOthers { continue }
                        try await writer.statements(try prepared.statements(), connection)
                    }
                }
                writer.statement(
                    options.books.record(
                        prepared,
                        BooksLayout.RowContext(
                            order: order, execType: execType, deploymentID: deploymentID, engine: options.engine)))
                // What the script does before a changeset counts as done when that one's conditions are judged.
                conditions?.books.note(BookEntry(identity: prepared.identity, order: order, execType: execType))
                order += 1
            }
        }
    }

    private static func title(_ options: DeployerOptions) -> String {
        if let tag = options.untilTag { return "Update to '\(tag)' Database Script" }
        if let limit = options.limit { return "Update \(limit) Changesets Database Script" }
        return "Update Database Script"
    }
}

extension DeploymentPlan.Step {
    /// How the books will say that it came there.
    fileprivate var execType: BookEntry.ExecType {
        switch action {
        case .rerun: .reran
        case .markRan: .markRan
        default: .executed
        }
    }
}
