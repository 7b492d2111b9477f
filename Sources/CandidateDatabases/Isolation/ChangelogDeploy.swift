import ChangelogLint
import DatabaseSchema
import DesiredState
import Diagnostics
import PostgresClient
import Reconciliation

/// Deploys a registry's changelogs into one database, as a login of its own and under watch.
struct ChangelogDeploy: Sendable {
    let registry: GateRegistry
    let database: String
    let login: String
    /// Where the history of the task is told what became of each changeset.
    let notes: TaskNotes
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
    ///   - others: What lint found elsewhere.
    ///   - comparison: When the schema is looked at.
    /// - Throws: an error of kind `stalled` when the changelog is at fault, of another kind when it is not.
    func run(
        _ content: CommitContent, since base: CommitContent? = nil, adding others: [LintFinding] = [],
        comparing comparison: Comparison
    ) async throws -> Outcome {
        let parts = try registry.spec.changelogs.map { try registry.deployable($0, of: content, in: database) }
        let findings = try base.flatMap { GateFindings(try lint(parts, since: $0) + others) }
        if let findings, findings.fail { throw LintRefusal(findings: findings).sluiceError }
        var outcome = try await run(parts, comparing: comparison)
        outcome.findings = findings
        return outcome
    }

    /// What lint finds in changelogs beside those of the base.
    private func lint(_ parts: [any DeployableContent], since base: CommitContent) throws -> [LintFinding] {
        let pairs = try parts.compactMap { try $0.lintable(since: base) }
        return ChangelogLinter(policy: registry.spec.changelog.lint).findings(in: pairs)
    }

    private func run(_ parts: [any DeployableContent], comparing comparison: Comparison) async throws -> Outcome {
        let ended: Result<Outcome, any Error>
        let attempts = DeployAttempts()
        do { ended = .success(try await deploy(parts, attempts, comparing: comparison)) } catch {
            ended = .failure(error)
        }
        for (name, note) in await attempts.notes { notes.set(name, note) }
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
        _ parts: [any DeployableContent], _ attempts: DeployAttempts, comparing comparison: Comparison
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
        return try await watch.run {
            var outcome = Outcome()
            if comparison == .beforeAndAfterwards { outcome.before = try await schema(configuration) }
            for part in parts { outcome.changeSets += try await part.deploy(as: configuration, noting: attempts) }
            if comparison != .none { outcome.after = try await schema(configuration) }
            return outcome
        }
    }

    /// The schema as it is now. That it cannot be read is told, and fails no deploy.
    private func schema(_ login: PostgresConfiguration) async throws -> Result<SchemaSnapshot, any Error> {
        do {
            let connection = try await PostgresConnection.open(login)
            let read: Result<SchemaSnapshot, any Error>
            do {
                read = .success(try await SchemaSnapshot.read(from: connection, registry.schemaReading))
            } catch {
                read = .failure(error)
            }
            await connection.close()
            try Task.checkCancellation()
            return read
        } catch {
            try Task.checkCancellation()
            return .failure(error)
        }
    }
}
