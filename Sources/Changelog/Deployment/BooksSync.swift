/// Which changesets `changelog-sync` and `mark-next-changeset-ran` note as run, and the statements for that.
public struct BooksSync: Sendable {
    /// How far to go.
    public enum Extent: Sendable, Hashable {
        /// All that have no row.
        case all
        /// The first that has none.
        case next
        /// Those up to and with the changeset that sets this tag.
        case tag(String)
    }

    /// The changesets.
    public let changeSets: [PreparedChangeSet]
    /// One statement a row.
    let statements: [String]

    /// Decides.
    ///
    /// - Throws: what ``DeploymentPlan/requireAccepted()`` throws.
    public init(_ changelog: PreparedChangelog, books: Books?, extent: Extent, options: DeployerOptions) throws {
        let plan = DeploymentPlan(changelog, books: books ?? Books())
        try plan.requireAccepted()
        let steps: [DeploymentPlan.Step]
        switch extent {
        case .all: steps = plan.steps
        case .next: steps = Array(plan.steps.filter { $0.entry == nil }.prefix(1))
        case .tag(let tag):
            let end = plan.steps.firstIndex { $0.prepared.tag == tag || $0.entry?.tag == tag }
            steps = end.map { Array(plan.steps[...$0]) } ?? plan.steps
        }
        let first = books?.nextOrder ?? 1
        let deploymentID = options.deploymentID()
        changeSets = steps.filter { $0.entry == nil }.map(\.prepared)
        let renewed = extent == .next ? [] : plan.steps.filter { $0.action == .upgradeChecksum }
        statements =
            renewed.map { options.books.updateChecksum($0.prepared) }
            + changeSets.enumerated().map { index, prepared in
                options.books.record(
                    prepared,
                    BooksLayout.RowContext(
                        order: first + index, execType: .executed, deploymentID: deploymentID, engine: options.engine))
            }
    }

    /// The text of `changelog-sync-sql` and its like.
    static func script(
        _ changelog: PreparedChangelog, books: Books?, extent: Extent, options: DeployerOptions
    ) async throws -> String {
        let sync = try BooksSync(changelog, books: books, extent: extent, options: options)
        let title =
            extent == .next
            ? "SQL to add the next changeset to database history table"
            : "SQL to add all changesets to database history table"
        return await ScriptWriter.script(title, changelog, books: books, options: options) { writer in
            for statement in sync.statements { writer.statement(statement) }
        }
    }
}
