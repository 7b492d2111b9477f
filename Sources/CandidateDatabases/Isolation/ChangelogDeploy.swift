import Changelog
import ChangelogLint
import DatabaseSchema
import DesiredState
import Diagnostics
import PostgresClient

/// Deploys a registry's changelogs into one database, as a login of its own and under watch.
struct ChangelogDeploy: Sendable {
    let registry: GateRegistry
    let database: String
    let login: String
    let clock: any Clock<Duration> = ContinuousClock()

    /// When the schema is looked at: in the session of the deploy, whose caches are warm.
    enum Comparison { case none, afterwards, beforeAndAfterwards }

    /// What came of a deploy.
    struct Outcome: Sendable {
        /// How many changesets ran.
        var changeSets = 0
        /// What lint has to say; nil when it has nothing, or was not asked.
        var findings: GateFindings?
        /// The schema before the first one, where it was to be looked at.
        var before: Result<SchemaSnapshot, any Error>?
        /// The schema after the last one, where it was to be looked at.
        var after: Result<SchemaSnapshot, any Error>?
    }

    /// Runs the changelogs in order.
    ///
    /// Everything is read, understood and judged before the first changeset runs, so a mistake in the last file leaves
    /// the database as it was.
    ///
    /// - Parameters:
    ///   - base: What is deployed already; nil for a deploy that lint does not judge.
    ///   - comparison: When the schema is looked at.
    /// - Throws: an error of kind `stalled` when the changelog is at fault, of another kind when it is not.
    func run(
        _ source: any ChangelogSource, since base: (any ChangelogSource)? = nil, comparing comparison: Comparison
    ) async throws -> Outcome {
        let changelogs = try registry.spec.changelogs.map { try prepare($0, source) }
        let findings = try base.flatMap { GateFindings(try lint(changelogs, since: $0)) }
        if let findings, findings.fail { throw LintRefusal(findings: findings).sluiceError }
        var outcome = try await run(changelogs, comparing: comparison)
        outcome.findings = findings
        return outcome
    }

    /// What lint finds in changelogs beside those of the base. One that the base does not have is new as a whole.
    private func lint(_ changelogs: [PreparedChangelog], since base: any ChangelogSource) throws -> [LintFinding] {
        let pairs = try zip(registry.spec.changelogs, changelogs).map { spec, changelog in
            let isThere = try base.contents(of: spec.path) != nil
            let before =
                isThere
                ? try prepare(spec, base) : try PreparedChangelog(ResolvedChangelog(path: spec.path), source: base)
            return (changelog: changelog, base: Optional(before))
        }
        return ChangelogLinter(policy: registry.spec.changelog.lint).findings(in: pairs)
    }

    private func run(_ changelogs: [PreparedChangelog], comparing comparison: Comparison) async throws -> Outcome {
        let ended: Result<Outcome, any Error>
        do { ended = .success(try await deploy(changelogs, comparing: comparison)) } catch { ended = .failure(error) }
        // The login is shut out whatever came of it, also when the task is cancelled: a changelog may have given it a
        // password that its author knows.
        let dismissal = await Task { try await registry.databases.dismiss(login, from: database) }.result
        if case .failure(let error) = ended, SluiceError(wrapping: error).kind != .stalled { throw error }
        do { try dismissal.get() } catch { throw Self.ours(error) }
        return try ended.get()
    }

    /// An error of the administrator's own statements: the server's trouble or ours, never the changelog's.
    private static func ours(_ error: any Error) -> any Error {
        guard let error = error as? PostgresError, error.sluiceError.kind == .stalled else { return error }
        return SluiceError(
            "candidate.server-refused", .transient, "the database server refused what the gate needs: \(error)",
            hint: "sluice needs the rights that docs/how-to/use-an-existing-server.md lists", cause: error)
    }

    private func deploy(
        _ changelogs: [PreparedChangelog], comparing comparison: Comparison
    ) async throws -> Outcome {
        let server = registry.databases
        let configuration: PostgresConfiguration
        do { configuration = try await server.admit(login, to: database) } catch { throw Self.ours(error) }
        let watch = DeployWatch(limits: registry.spec.limits, clock: clock) { [server, database] in
            do { return Int(clamping: try await server.server.databaseSize(database) ?? 0) } catch {
                throw Self.ours(error)
            }
        } terminate: { [server, database, login] in
            try await server.server.terminateSessions(ofDatabase: database)
            try await server.endSessions(of: login)
        }
        return try await watch.run { [options] in
            let connection = try await PostgresConnection.open(configuration)
            do {
                var outcome = Outcome()
                if comparison == .beforeAndAfterwards { outcome.before = try await schema(connection) }
                for changelog in changelogs {
                    let result = try await Deployer(connection, options: options).update(changelog)
                    outcome.changeSets += result.ran + result.reran
                }
                if comparison != .none { outcome.after = try await schema(connection) }
                await connection.close()
                return outcome
            } catch {
                await connection.close()
                throw DeployInterruption.judge(error)
            }
        }
    }

    /// The schema as it is now. That it cannot be read is told, and fails no deploy.
    private func schema(_ connection: PostgresConnection) async throws -> Result<SchemaSnapshot, any Error> {
        do {
            return .success(try await SchemaSnapshot.read(from: connection, registry.schemaReading))
        } catch {
            try Task.checkCancellation()
            return .failure(error)
        }
    }

    private func prepare(_ spec: ChangelogSpec, _ source: any ChangelogSource) throws -> PreparedChangelog {
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
            return try PreparedChangelog(
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
}
