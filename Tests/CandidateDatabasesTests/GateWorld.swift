import CandidateDatabases
import ChangelogLint
import DesiredState
import Diagnostics
import ForgeDoubles
import Forges
import Foundation
import GitClient
import Logging
import MigrationCommand
import PostgresClient
import Reconciliation
import StateStore
import StateStoreSupport
import TestSupport
import Testing

/// A registry on real PostgreSQL and real git, with engines that can be made to die and be born again.
struct GateWorld: RegistryDirectory {
    static let registryName = "land"

    let prefix: String
    let postgres: TestPostgres
    let store: StateStore
    let repository: ScriptedRepository
    let forge: any GateForge
    /// The host, unless it is a folder of repositories.
    let double: ForgeDouble?
    var spec: RegistrySpec
    let mirror: GitMirror
    var migrations = MigrationPrograms.noneAllowed

    /// The registry as the reconcilers see it.
    var registry: GateRegistry {
        GateRegistry(
            name: Self.registryName, spec: spec, forge: forge, server: postgres.server,
            serverSpec: DatabaseServerSpec(source: .embedded, instance: prefix, readerRole: "\(prefix)reader"),
            migrations: migrations)
    }

    func registry(named name: String) -> GateRegistry? { name == Self.registryName ? registry : nil }
    func repository(of registry: GateRegistry, having wanted: WantedCommits) -> GitMirror { mirror }

    /// An engine; each has its own worker's name, as each process has.
    func engine(
        failpoints: any Failpoints = NoFailpoints(), worker: String = "one",
        directory: (any RegistryDirectory)? = nil,
        observer: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) -> Engine {
        var configuration = EngineConfiguration.patient(worker: worker)
        configuration.retry = RetryPolicy(base: .zero, cap: .zero)
        let fingerprints = ReferenceFingerprints()
        let directory: any RegistryDirectory = directory ?? self
        return Engine(
            store: store,
            reconcilers: [
                RegistryReconciler(directory: directory, fingerprints: fingerprints, store: store),
                BaseTemplateReconciler(directory: directory, fingerprints: fingerprints),
                CandidateReconciler(
                    directory: directory, fingerprints: fingerprints, failures: BaseTemplateFailures(store: store),
                    places: RecordedPlaces(store: store)),
            ],
            configuration: configuration, failpoints: failpoints, randomness: Randomness { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, observer: observer)
    }

    /// Says that the registry should be looked at, as the hook and the timer do.
    func wake() async throws {
        try await store.resources.store([DesiredResource(GateKey.registry(Self.registryName), spec: [:])])
        try await store.queue.enqueue(
            EnqueueRequest(GateKey.registry(Self.registryName), lane: .observe, reason: "test"))
    }

    /// Looks at the registry and works until nothing is due.
    func settle() async throws {
        try await wake()
        try await engine().drain(limit: 200)
    }

    /// Pushes a candidate made from master.
    @discardableResult
    func push(_ files: [String: ScriptedFile], as id: String) async throws -> ObjectID {
        if let double { return try await propose(files, as: id, at: double) }
        let master = try ObjectID(try await repository.author("rev-parse", "refs/heads/master"))
        return try await repository.push(files, to: "candidate/\(id)", from: master, message: "Candidate \(id)")
    }

    /// The candidates' databases that people read, by name without the prefix.
    func published() async throws -> [String] {
        try await postgres.server.listDatabases(prefix: spec.databasePrefix).map(\.name)
            .filter { $0 != registry.names.master }.map { String($0.dropFirst(spec.databasePrefix.count)) }
    }

    /// The databases that only Sluice uses and that are no base templates.
    func leftovers() async throws -> [String] {
        try await postgres.server.listDatabases(prefix: registry.names.privatePrefix).map(\.name).filter {
            !$0.hasPrefix(registry.names.privatePrefix + "base-")
        }
    }

    /// The messages of the events of a reason, each as often as it was told.
    func told(_ reason: String) async throws -> [String] {
        try await store.events.list().elements.filter { $0.reason == reason }
            .flatMap { Array(repeating: $0.message, count: Int($0.count)) }
    }

    /// The verdict as it stands on a revision.
    func verdict(_ revision: ObjectID, of id: String) async throws -> VerdictReport? {
        try await forge.verdict(on: revision, of: try CandidateID(id), project: try ProjectRef(spec.project))
    }

    /// The verdict, or an error that tells how it came that there is none.
    func requireVerdict(_ revision: ObjectID, of id: String) async throws -> VerdictReport {
        guard let verdict = try await verdict(revision, of: id) else { throw NoVerdict(story: await story()) }
        return verdict
    }

    struct NoVerdict: Error { let story: String }

    /// The names of the tables that a candidate's database shows.
    func tables(_ id: String) async throws -> [String] {
        let configuration = postgres.configuration.with(database: registry.names.published(id))
        let connection = try await PostgresConnection.open(configuration)
        let tables = try await TableCatalog(layout: spec.database).tables(connection, deadline: .seconds(600))
        await connection.close()
        return tables.map(\.name)
    }

    /// The history in words, for the message of a failed expectation.
    func story() async -> String {
        let tasks = (try? await store.history.tasks().elements) ?? []
        let objects = (try? await store.resources.list(kind: GateKey.candidateKind)) ?? []
        let others = (try? await store.resources.list(kind: GateKey.baseTemplateKind)) ?? []
        let registry = try? await store.resources.get(GateKey.registry(Self.registryName))
        let lines =
            tasks.reversed().map { task in
                "\(task.key) \(task.planned.action) \(task.status) \(task.error.map { "\($0.code) \($0.message) \($0.detail ?? "")" } ?? "")"
            }
            + ([registry].compactMap(\.self) + objects + others).map { object in
                "\(object.key): \(object.conditions.map { "\($0.type.rawValue)=\($0.status) \($0.reason) \($0.message)" })"
            }
        return lines.joined(separator: "\n")
    }

    /// The status of a candidate in the store.
    func status(_ id: String) async throws -> CandidateStatus? {
        try await store.resources.get(GateKey.candidate(id, of: Self.registryName)).flatMap {
            CandidateStatus($0.status)
        }
    }
}

extension GateWorld {
    /// Calls `body` with a world whose master has the table `parcel`, and takes everything down afterwards.
    ///
    /// - Parameters:
    ///   - postgres: The server of the candidates' databases; nil for the one that all tests share.
    ///   - storing: The server of the controller's own tables; nil for the one that all tests share.
    static func with(
        master: [String: ScriptedFile] = Self.master,
        host: GateHost = .local, on postgres: TestPostgres? = nil, storing: TestPostgres? = nil,
        spec change: @Sendable (String) -> RegistrySpec = { GateWorld.spec(prefix: $0) },
        _ body: @Sendable (GateWorld) async throws -> Void
    ) async throws {
        let postgres = if let postgres { postgres } else { try await TestPostgres.shared() }
        try await withTemporaryDirectory("gate") { folder in
            try await postgres.withPrefix { prefix in
                try await withStore(on: storing, connections: 6) { store in
                    try await host.serve(master, in: folder) { place in
                        let world = try await make(prefix, postgres, store, place, change(prefix))
                        let result: Result<Void, any Error>
                        do { result = .success(try await body(world)) } catch { result = .failure(error) }
                        try await world.takeDown()
                        try result.get()
                    }
                }
            }
        }
    }

    private static func make(
        _ prefix: String, _ postgres: TestPostgres, _ store: StateStore, _ place: GateHost.Place, _ spec: RegistrySpec
    ) async throws -> GateWorld {
        try await postgres.server.createDatabase("\(prefix)reference")
        let connection = try await PostgresConnection.open(postgres.configuration.with(database: "\(prefix)reference"))
        try await connection.execute("CREATE SCHEMA registry")
        await connection.close()
        return GateWorld(
            prefix: prefix, postgres: postgres, store: store, repository: place.repository, forge: place.forge,
            double: place.double, spec: spec, mirror: try await GitMirror.open(place.repository.path))
    }

    private func takeDown() async throws {
        let server = postgres.server
        for prefix in [registry.names.privatePrefix, spec.databasePrefix] {
            for database in try await server.listDatabases(prefix: prefix) {
                try await server.dropDatabase(database.name)
            }
        }
        for role in try await server.listRoles(prefix: registry.names.privatePrefix) {
            try await server.dropRole(role)
        }
    }

    static func spec(
        prefix: String, limits: CandidateLimits = CandidateLimits(), cleanup: CleanupPolicy = CleanupPolicy(),
        lint: LintPolicy = LintPolicy(), baseTemplateBudget: Int = 5, suspension: Suspension? = nil
    ) -> RegistrySpec {
        RegistrySpec(
            forge: "local", project: GateHost.project, server: "dev", referenceDatabase: "\(prefix)reference",
            databasePrefix: "\(prefix)dev-", changelogs: [ChangelogSpec(path: "data-model/main.xml")],
            changelog: ChangelogSettings(lint: lint),
            database: DatabaseLayout(defaultSchema: "registry", searchPath: ["registry", "public"]), limits: limits,
            baseTemplateBudget: baseTemplateBudget, cleanup: cleanup, suspension: suspension)
    }

    /// A registry in which only the server stands between a candidate and what it must not do.
    static func unjudged(prefix: String) -> RegistrySpec { spec(prefix: prefix, lint: .off) }

    static let master: [String: ScriptedFile] = [
        "data-model/main.xml": .text(changelog(include("tables.sql"))),
        "data-model/tables.sql": .text(
            sql(
                "parcel",
                "create table parcel (id int primary key, area numeric); comment on table parcel is 'Land';")),
    ]

    /// The files of a candidate that adds one changeset of SQL.
    static func adding(_ id: String, _ statement: String) -> [String: ScriptedFile] {
        [
            "data-model/main.xml": .text(changelog(include("tables.sql") + include("\(id).sql"))),
            "data-model/\(id).sql": .text(sql(id, statement)),
        ]
    }

    static func include(_ file: String) -> String { "<include file=\"data-model/\(file)\"/>" }

    static func changelog(_ body: String) -> String {
        """
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
                http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">\(body)</databaseChangeLog>
        """
    }

    static func sql(_ id: String, _ statement: String) -> String {
        "--liquibase formatted sql\n--changeset land:\(id)\n\(statement)\n"
    }
}
