import Diagnostics

extension RegistrySpec {
    private struct BaseTemplates: Sendable {
        let budget: Int

        static let schema = Schema<BaseTemplates>.object(
            .defaulted("budget", \.budget, .integer(0...1000), to: 5, "How many base templates are kept for reuse."),
            make: BaseTemplates.init)
    }

    private struct Candidates: Sendable {
        let max: Int?
        /// Nil, and not among the stored values, while there are none: programs that do not know it read the spec as well.
        let servers: [String]?

        static let schema = Schema<Candidates>.object(
            .optional("max", \.max, .integer(1...10_000), "How many candidates have a database at a time."),
            .optional(
                "servers", \.servers, .list(of: .label, minimum: 1),
                "The names of the DatabaseServers among which candidates are spread; by default spec.server alone."),
            make: Candidates.init)
    }

    /// The keys one by one, each with its type: the compiler takes minutes over all of them in one expression.
    private enum Key {
        typealias Of<Value: Sendable> = Field<RegistrySpec, Value>

        static let forge: Of<String> = .required(
            "forge", \.forge, .label, "The name of the Forge that hosts the project.")
        static let project: Of<String> = .required("project", \.project, .project, "The project on the forge.")
        static let branch: Of<String> = .defaulted(
            "branch", \.branch, .branch, to: "master", "The branch that candidates aim at.")
        static let server: Of<String> = .required(
            "server", \.server, .label, "The name of the DatabaseServer for the databases.")
        static let referenceDatabase: Of<String> = .defaulted(
            "referenceDatabase", \.referenceDatabase, .databaseName, to: "registry-template",
            "The database that is cloned.")
        static let databasePrefix: Of<String> = .defaulted(
            "databasePrefix", \.databasePrefix, .databasePrefix, to: "registry-dev-",
            "What the names of candidate databases start with.")
        static let watchedPaths: Of<[String]?> = .optional(
            "watchedPaths", { $0.watchedPaths }, .list(of: .repositoryPath, minimum: 1),
            "What the engine sees of the repository; by default the first component of each changelog's path.")
        static let changelogs: Of<[ChangelogSpec]> = .required(
            "changelogs", \.changelogs, .list(of: ChangelogSpec.schema, minimum: 1), "What is deployed, in order.")
        static let changelog: Of<ChangelogSettings> = .defaulted(
            "changelog", \.changelog, ChangelogSettings.schema, to: ChangelogSettings(),
            "What holds for all changelogs.")
        static let database: Of<DatabaseLayout> = .defaulted(
            "database", \.database, DatabaseLayout.schema, to: DatabaseLayout(), "Names inside each database.")
        static let limits: Of<CandidateLimits> = .defaulted(
            "limits", \.limits, CandidateLimits.schema, to: CandidateLimits(), "What one candidate may use.")
        static let baseTemplates: Of<BaseTemplates> = .defaulted(
            "baseTemplates", { BaseTemplates(budget: $0.baseTemplateBudget) }, BaseTemplates.schema,
            to: BaseTemplates(budget: 5), "Databases with the base commit deployed, from which candidates are cloned.")
        static let interval: Of<Duration> = .defaulted(
            "interval", \.interval, .duration(from: .seconds(1), to: .seconds(86_400)), to: .seconds(60),
            "How often forge and server are compared.")
        static let cleanup: Of<CleanupPolicy> = .defaulted(
            "cleanup", \.cleanup, CleanupPolicy.schema, to: CleanupPolicy(), "How databases go.")
        static let candidates: Of<Candidates> = .defaulted(
            "candidates",
            { Candidates(max: $0.maxCandidates, servers: $0.candidateServers.isEmpty ? nil : $0.candidateServers) },
            Candidates.schema,
            to: Candidates(max: nil, servers: nil), "Bounds and places for all candidates together.")
        static let suspend: Of<Suspension?> = .defaulted(
            "suspend", \.suspension, Suspension.schema, to: nil,
            "Whether the controller leaves the registry alone; or why, and until when.")
    }

    static let schema = Schema<RegistrySpec>.object(
        Key.forge, Key.project, Key.branch, Key.server, Key.referenceDatabase, Key.databasePrefix, Key.watchedPaths,
        Key.changelogs, Key.changelog, Key.database, Key.limits, Key.baseTemplates, Key.interval, Key.cleanup,
        Key.candidates,
        Key.suspend,
        make: {
            forge, project, branch, server, reference, prefix, watched, changelogs, changelog, database, limits,
            templates, interval, cleanup, candidates, suspend in
            RegistrySpec(
                forge: forge, project: project, branch: branch, server: server, referenceDatabase: reference,
                databasePrefix: prefix, watchedPaths: watched, changelogs: changelogs, changelog: changelog,
                database: database,
                limits: limits, baseTemplateBudget: templates.budget, interval: interval, cleanup: cleanup,
                maxCandidates: candidates.max, candidateServers: candidates.servers ?? [], suspension: suspend)
        }
    ).checked { spec, node, findings in
        for (index, server) in spec.candidateServers.enumerated()
        where spec.candidateServers.prefix(index).contains(server) {
            findings.report(
                .invalidValue, at: node.deepest("candidates", "servers").location, path: "spec.candidates.servers",
                "\(server.quotedForMessage) is there twice")
        }
        for (index, changelog) in spec.changelogs.enumerated() where !spec.isWatched(changelog.path) {
            findings.report(
                .invalidValue, at: node.deepest("watchedPaths").location, path: "spec.watchedPaths",
                "spec.changelogs[\(index)].path \(changelog.path.quotedForMessage) is below none of the watched paths",
                hint: "the engine sees only what is watched: add its folder")
        }
    }

    private func isWatched(_ path: String) -> Bool {
        watchedPaths.contains { path == $0 || path.begins(with: "\($0)/") }
    }
}

extension DatabaseLayout {
    static let schema = Schema<DatabaseLayout>.object(
        .defaulted("defaultSchema", \.defaultSchema, .identifier, to: "public", "The schema of unqualified names."),
        .defaulted("searchPath", \.searchPath, .list(of: .searchPathElement), to: [], "The search_path to set."),
        .defaulted("liquibaseSchema", \.liquibaseSchema, .identifier, to: "public", "The schema of the two tables."),
        .defaulted(
            "changelogTable", \.changelogTable, .identifier, to: "databasechangelog", "Which changesets ran."),
        .defaulted("lockTable", \.lockTable, .identifier, to: "databasechangeloglock", "Who deploys."),
        make: DatabaseLayout.init)
}

extension CandidateLimits {
    static let schema = Schema<CandidateLimits>.object(
        .defaulted(
            "deadline", \.deadline, .duration(from: .seconds(1), to: .seconds(86_400)), to: .seconds(600),
            "How long a deploy may take."),
        .defaulted("maxSize", \.maxSize, .size(1 << 20...1 << 50), to: 1 << 30, "How large the database may grow."),
        .defaulted("maxConnections", \.maxConnections, .integer(1...1000), to: 4, "How many connections it may have."),
        make: CandidateLimits.init)
}

extension CleanupPolicy {
    static let schema = Schema<CleanupPolicy>.object(
        .defaulted(
            "deletionBudget", \.deletionBudget, .integer(0...10_000), to: 10,
            "How many databases a sweep may drop unconfirmed."),
        .defaulted(
            "gracePeriod", \.gracePeriod, .duration(from: .zero, to: .seconds(30 * 86_400)), to: .zero,
            "How long a database outlives its candidate."),
        .defaulted(
            "keepFailed", \.keepFailed, .duration(from: .zero, to: .seconds(30 * 86_400)), to: .zero,
            "How long a failed deploy's database is kept."),
        make: CleanupPolicy.init)
}
