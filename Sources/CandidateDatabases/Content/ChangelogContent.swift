import Changelog
import ChangelogLint
import CommittedChangelog
import DesiredState
import Diagnostics
import PostgresClient

/// A changelog in Liquibase's formats, which the engine of this program deploys.
struct ChangelogContent: DeployableContent {
    private let spec: ChangelogSpec
    private let registry: GateRegistry
    private let content: CommitContent
    private let database: String
    private let prepared: PreparedChangelog

    /// Reads a changelog of the content and understands all of it.
    init(_ spec: ChangelogSpec, of registry: GateRegistry, _ content: CommitContent, in database: String) throws {
        let source = content.source
        (self.spec, self.registry, self.content, self.database) = (spec, registry, content, database)
        let layout = registry.spec.database
        guard let labels = LabelExpression(spec.labels) else {
            throw SluiceError(
                "registry.labels-invalid", .stalled, "the label expression of \(spec.path) cannot be read",
                hint: "for example: fast and !risky", detail: spec.labels)
        }
        let filter = ChangeSetFilter(contexts: RuntimeContexts(spec.contexts.joined(separator: ",")), labels: labels)
        let parameters = ChangelogParameters(
            filter: filter, defined: spec.parameters,
            database: ChangelogParameters.postgresql(
                defaultSchema: layout.defaultSchema, liquibaseSchema: layout.liquibaseSchema, catalog: database,
                logTable: layout.changelogTable, lockTable: layout.lockTable))
        do {
            let changelog = try ChangelogReader(source: source, parameters: parameters).read(spec.path)
            prepared = try PreparedChangelog(
                changelog, source: source, registry: registry.changeTypes, filter: filter,
                defaultSchema: layout.defaultSchema)
        } catch let mistakes as DiagnosticsError {
            throw Self.all(mistakes)
        }
    }

    /// Every mistake of a changelog in one error, so that its author can mend them all at once.
    private static func all(_ mistakes: DiagnosticsError) -> SluiceError {
        let errors = mistakes.diagnostics.filter { $0.severity == .error }
        guard let first = errors.first, errors.count > 1 else { return mistakes.sluiceError }
        let shown = errors.dropFirst().prefix(shownMistakes - 1).map(\.description)
        let hidden = errors.count - 1 - shown.count
        let lines = [first.message] + (first.hint.map { ["(\($0))"] } ?? []) + shown
        return SluiceError(
            SluiceError.Code(first.code), .stalled,
            (lines + (hidden > 0 ? ["and \(hidden) more"] : [])).joined(separator: "\n"), at: first.location)
    }

    private static let shownMistakes = 20

    func lintable(since base: CommitContent) throws -> (changelog: PreparedChangelog, base: PreparedChangelog?)? {
        (prepared, try changelog(of: base))
    }

    func merge(into target: CommitContent, since base: CommitContent) throws -> ChangelogMerge? {
        guard let merged = content.merged else { return nil }
        return ChangelogMerge(
            of: prepared, since: try changelog(of: base), into: try changelog(of: target),
            giving: Result { try changelog(of: CommitContent(source: merged, merged: nil)) }
                .mapError(SluiceError.init(wrapping:)))
    }

    /// The same changelog of other content. One that is not there has no changesets: all of ours are new beside it.
    private func changelog(of other: CommitContent) throws -> PreparedChangelog {
        guard try other.source.contents(of: spec.path) != nil else {
            return try PreparedChangelog(ResolvedChangelog(path: spec.path), source: other.source)
        }
        return try ChangelogContent(spec, of: registry, other, in: database).prepared
    }

    private var options: DeployerOptions {
        let layout = registry.spec.database
        var options = DeployerOptions(
            books: BooksLayout(
                schema: layout.liquibaseSchema, table: layout.changelogTable, lockTable: layout.lockTable),
            defaultSchema: layout.defaultSchema, lockWait: .seconds(10), owner: "sluice \(registry.name)")
        // Nobody else works in a candidate's database: whatever it meets is its own doing, and would be met again.
        options.retries = .none
        return options
    }

    func deploy(as login: PostgresConfiguration, noting attempts: DeployAttempts) async throws -> Int {
        var options = options
        options.attempts = attempts
        let connection = try await PostgresConnection.open(login)
        do {
            let result = try await Deployer(connection, options: options).update(prepared)
            await connection.close()
            return result.ran + result.reran
        } catch {
            await connection.close()
            throw DeployInterruption.judge(error)
        }
    }
}
