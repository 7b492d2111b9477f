public import Changelog
public import DesiredState
public import Forges
public import GitClient
public import MigrationCommand
public import PostgresClient
import Reconciliation

/// The gate: a candidate merge request gets its own PostgreSQL database, its changelog is deployed there, and the verdict
/// is reported on that exact revision.
///
/// Three reconcilers share the work, each the only writer of its objects: ``RegistryReconciler`` (the sweep),
/// ``BaseTemplateReconciler`` and ``CandidateReconciler``. What they decide is in `RegistryPlan`, `BaseTemplatePlan` and
/// `CandidatePlan`, which are pure. This module must not know of HTTP, of the command line or of other domains; it talks to
/// the code host through `GateForge` and learns of its registries through ``RegistryDirectory``.
public struct GateRegistry: Sendable {
    /// The registry's name.
    public let name: String
    /// What is desired.
    public let spec: RegistrySpec
    /// The code host of the candidates.
    public let forge: any GateForge
    /// The name of the server: the registry's own, or one on which candidates are.
    public let serverName: String
    /// The server that the databases are on, as its administrator.
    public let server: PostgresServer
    /// What the server's manifest says.
    public let serverSpec: DatabaseServerSpec
    /// The kinds of changes that its changelogs may hold.
    public let changeTypes: ChangeTypeRegistry
    /// Which migration programs the operator allows, and how they are run.
    public let migrations: MigrationPrograms

    /// Makes a registry of its parts.
    public init(
        name: String, spec: RegistrySpec, forge: any GateForge, serverName: String? = nil, server: PostgresServer,
        serverSpec: DatabaseServerSpec,
        changeTypes: ChangeTypeRegistry = .standard, migrations: MigrationPrograms = .noneAllowed
    ) {
        self.name = name
        self.spec = spec
        self.forge = forge
        self.serverName = serverName ?? spec.server
        self.server = server
        self.serverSpec = serverSpec
        self.changeTypes = changeTypes
        self.migrations = migrations
    }
}

/// Where the gate learns of its registries and gets at their repositories. The composition implements it.
public protocol RegistryDirectory: Sendable {
    /// A registry that is desired now, on its own server; nil when none of that name is.
    func registry(named name: String) async throws -> GateRegistry?

    /// A registry that is desired now, on one of the servers where its candidates are; nil when one of the two is not desired.
    func registry(named name: String, on server: String) async throws -> GateRegistry?

    /// The names of the servers on which candidates of a registry may be, those preferred first; nil when it is not
    /// desired. No server is asked.
    func servers(of registry: String) async throws -> [String]?

    /// The registry's repository on this machine, with the commits that are asked for and all they reach.
    func repository(of registry: GateRegistry, having wanted: WantedCommits) async throws -> GitMirror
}

extension RegistryDirectory {
    /// For those that know one server only.
    public func registry(named name: String, on server: String) async throws -> GateRegistry? {
        try await registry(named: name)
    }

    /// For those that know one server only.
    public func servers(of registry: String) async throws -> [String]? {
        try await self.registry(named: registry).map { [$0.serverName] }
    }
}

extension GateRegistry {
    /// The server's name where it is not the registry's own; nil where it is.
    var remoteServer: String? { serverName == spec.server ? nil : serverName }

    /// The names of everything that the gate makes for this registry.
    public var names: DatabaseNames {
        DatabaseNames(instance: serverSpec.instance, registry: name, prefix: spec.databasePrefix)
    }

    /// What a database of this registry says of itself; nil for one that is not there, or not ours.
    public func provenance(of database: String) async throws -> Provenance? {
        let provenance = try await databases.provenance(of: database)
        let isMine = provenance?.instance == serverSpec.instance && provenance?.registry == name
        return isMine ? provenance : nil
    }

    var databases: CandidateServer {
        CandidateServer(
            server: server, names: names, registry: name, instance: serverSpec.instance,
            readerRole: serverSpec.readerRole, spec: spec)
    }

    func watched(_ mirror: GitMirror) -> WatchedRepository {
        WatchedRepository(mirror: mirror, paths: spec.watchedPaths)
    }

    func circumstances(reference fingerprint: String) -> ContentKey.Circumstances {
        ContentKey.Circumstances(
            engine: GateEngine.version, reference: fingerprint, reader: serverSpec.readerRole, spec: spec)
    }
}

extension GateRegistry {
    /// The digest of all but a candidate's own files that its verdict depends on. A candidate that was settled under
    /// another one is looked at again.
    func judged(under circumstances: ContentKey.Circumstances, head: ContentKey?) -> String {
        guard spec.checksMerge || spec.countsChangeSets, let head else { return circumstances.digest }
        return "\(circumstances.digest)-\(head.short)"
    }
}

extension ReconcileResult {
    /// The registry is suspended, and everything of it is left as it is. When the suspension runs out, the registry's
    /// sweep has everything looked at.
    static func suspended(_ suspension: Suspension) -> ReconcileResult {
        .suspended("the registry", suspension, by: "spec.suspend of the registry")
    }
}

/// What decides about databases beside their input.
enum GateEngine {
    /// Raised when the same changelog would give another database than before: every candidate is then built anew.
    static let version = "2"
}
