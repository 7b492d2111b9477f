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
    /// - Throws: what ``DeploymentPlan/requireAccepted()`` and the changes throw.
    public init(
        _ changelog: PreparedChangelog, books: Books?, options: DeployerOptions,
        connection: PostgresConnection? = nil
    ) async throws {
        let plan = DeploymentPlan(changelog, books: books ?? Books())
        try plan.requireAccepted()
        var order = books?.nextOrder ?? 1
        let deploymentID = options.deploymentID()
        let title = Self.title(options)
        text = try await ScriptWriter.script(title, changelog, books: books, options: options) { writer in
            for step in plan.steps(limit: options.limit, untilTag: options.untilTag) where step.isPending {
                let prepared = step.prepared
                writer.title("Changeset \(prepared.identity)", prepared)
                if step.action != .markRan {
                    if prepared.isForOthers { continue }
                    try await writer.statements(try prepared.statements(), connection)
                }
                writer.statement(
                    options.books.record(
                        prepared,
                        BooksLayout.RowContext(
                            order: order, execType: step.execType, deploymentID: deploymentID,
                            engine: options.engine)))
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
