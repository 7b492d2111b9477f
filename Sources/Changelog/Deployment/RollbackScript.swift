import Diagnostics
import PostgresClient

/// The text of `rollback-sql` and its like: what a rollback would send.
struct RollbackScript: Sendable {
    /// The text.
    let text: String

    /// Writes how to take back what has run.
    ///
    /// - Throws: `SluiceError` `changelog.unknown-tag`, `changelog.rollback-impossible`.
    init(
        _ changelog: PreparedChangelog, books: Books?, to target: Deployer.RollbackTarget, options: DeployerOptions,
        connection: PostgresConnection
    ) async throws {
        let steps = try RollbackSelection(changelog, books: books ?? Books(), target: target).steps
        text = try await Self.text(
            Self.title(target), changelog, books, steps.map { ($0.prepared, $0.entry.identity) }, options,
            connection)
    }

    /// Writes how to take back what an update would run now, where it stops included.
    ///
    /// - Throws: `SluiceError` `changelog.unknown-tag` when no such changeset sets the tag to stop at,
    ///   `changelog.rollback-impossible`.
    init(
        future changelog: PreparedChangelog, books: Books?, options: DeployerOptions, connection: PostgresConnection
    ) async throws {
        let plan = DeploymentPlan(changelog, books: books ?? Books())
        try plan.requireAccepted()
        var coming = plan.steps.filter { $0.entry == nil }.map(\.prepared)
        if let tag = options.untilTag {
            guard let last = coming.firstIndex(where: { $0.tag == tag }) else {
                throw SluiceError("changelog.unknown-tag", .stalled, "no changeset to run sets the tag \(tag)")
            }
            coming = Array(coming[...last])
        } else if let limit = options.limit {
            coming = Array(coming.prefix(max(0, limit)))
        }
        text = try await Self.text(
            "SQL to roll back currently unexecuted changes", changelog, books,
            coming.reversed().map { ($0, $0.identity) }, options, connection)
    }

    private static func text(
        _ title: String, _ changelog: PreparedChangelog, _ books: Books?,
        _ steps: [(prepared: PreparedChangeSet, row: ChangeSet.Identity)], _ options: DeployerOptions,
        _ connection: PostgresConnection
    ) async throws -> String {
        try await ScriptWriter.script(title, changelog, books: books, options: options) { writer in
            for step in steps {
                writer.comment("Rolling Back ChangeSet: \(step.prepared.identity)")
                try await writer.statements(try step.prepared.statementsBack(in: changelog), connection)
                writer.statement(options.books.remove(step.row))
            }
        }
    }

    private static func title(_ target: Deployer.RollbackTarget) -> String {
        switch target {
        case .count(let count): "Rollback \(count) Change(s) Script"
        case .tag(let tag, _): "Rollback to '\(tag)' Script"
        case .date(let date): "Rollback to \(date) Script"
        }
    }
}
