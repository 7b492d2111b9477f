public import DesiredState
public import Diagnostics
import GitClient
import PostgresClient
public import Reconciliation
public import StateStore

/// Takes down everything that the gate holds for a registry, because a person asked: databases of candidates, base
/// templates, private roles, and what the store remembers of a registry that is not desired any more.
///
/// Nothing but a request enqueues its key. It goes by what is there when it runs, so it can be cut off and asked for
/// again; while the registry is desired, its next sweep has the databases of open candidates built anew.
public struct CleanupReconciler: PlanningReconciler {
    /// Where a cleanup looks: on every server, for the registry may not be desired any more. Of one on which nothing can be
    /// done, why.
    public typealias Servers = @Sendable () async throws -> [String: Result<CleanupServer, SluiceError>]

    /// The kind of its keys.
    public let kind = CleanupReconciler.keyKind
    private let servers: Servers
    private let isDesired: @Sendable (_ registry: String) async throws -> Bool
    private let store: StateStore

    private static let keyKind = "Cleanup"

    /// The key of a registry's cleanup.
    public static func key(_ registry: String) -> ResourceKey { ResourceKey(kind: keyKind, name: registry) }

    /// Makes the reconciler.
    public init(
        store: StateStore, servers: @escaping Servers,
        isDesired: @escaping @Sendable (_ registry: String) async throws -> Bool
    ) {
        self.store = store
        self.servers = servers
        self.isDesired = isDesired
    }

    /// What there is to be taken down.
    public struct Sight: Sendable {
        let servers: [String: CleanupServer]
        let holdings: [String: RegistryHoldings]
        /// Why nothing can be done on the others.
        let troubles: [String: SluiceError]
        /// What the store remembers of candidates and templates of a registry that is not desired.
        let forgotten: [ResourceKey]
    }

    /// One effect of a cleanup.
    public enum Action: Hashable, Sendable, PlannedAction {
        /// Drops a database with all sessions on it.
        case dropDatabase(String, server: String, holds: String)
        /// Drops a role.
        case dropRole(String, server: String)
        /// Forgets an object that nothing will ever look at again.
        case forget(ResourceKey)

        /// The action as it is recorded.
        public var task: PlannedTask {
            switch self {
            case .dropDatabase(let name, let server, let holds):
                PlannedTask(
                    "cleanup.drop-database", target: name,
                    details: ["server": .string(server), "holds": .string(holds)])
            case .dropRole(let name, let server):
                PlannedTask("cleanup.drop-role", target: name, details: ["server": .string(server)])
            case .forget(let key): PlannedTask("cleanup.forget", target: key.description)
            }
        }
    }

    /// Looks at all servers. One that cannot be looked at holds up no other.
    public func observe(_ request: ReconcileRequest) async throws -> Sight {
        let registry = request.key.name
        var servers: [String: CleanupServer] = [:]
        var holdings: [String: RegistryHoldings] = [:]
        var troubles: [String: SluiceError] = [:]
        for (name, found) in try await self.servers() {
            do {
                let server = try found.get()
                holdings[name] = try await RegistryHoldings.read(registry, on: server)
                servers[name] = server
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                troubles[name] = SluiceError(wrapping: error)
            }
        }
        var forgotten: [ResourceKey] = []
        if try await !isDesired(registry) {
            for kind in [GateKey.candidateKind, GateKey.baseTemplateKind] {
                let prefix = ResourceKey(kind: kind, components: [registry, ""]).name
                forgotten += try await store.resources.list(kind: kind, prefix: prefix).map(\.key)
            }
        }
        return Sight(servers: servers, holdings: holdings, troubles: troubles, forgotten: forgotten)
    }

    /// Databases first, for roles own what is in them. Nothing is forgotten while there may be something of it on a server
    /// that is left out; that one is another cleanup's, for it would take down everything else once more.
    public func plan(_ sight: Sight, for request: ReconcileRequest) -> Plan<Action> {
        let holdings = sight.holdings.sorted { $0.key < $1.key }
        let databases = holdings.flatMap { server, held in
            held.databases.map { Action.dropDatabase($0.name, server: server, holds: Self.words($0.provenance)) }
        }
        let roles = holdings.flatMap { server, held in held.roles.map { Action.dropRole($0, server: server) } }
        guard sight.troubles.isEmpty else {
            let troubles = sight.troubles.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.message)" }
            return Plan(
                databases + roles, in: .deploy,
                then: ReconcileResult(
                    .waiting(on: "a cleanup that is asked for when all servers can be looked at"),
                    reason: "ServersLeftOut", message: "servers are left out: \(troubles.joined(separator: "; "))"))
        }
        return Plan(databases + roles + sight.forgotten.map(Action.forget), in: .deploy, then: .removed)
    }

    /// Carries out one effect. That there is nothing to drop any more is success.
    public func apply(_ action: Action, _ sight: Sight, in task: TaskContext) async throws -> TaskOutcome {
        switch action {
        case .dropDatabase(let name, let server, _): try await sight.servers[server]?.server.dropDatabase(name)
        case .dropRole(let name, let server): try await sight.servers[server]?.server.dropRole(name)
        case .forget(let key): try await store.resources.remove(key)
        }
        return .done()
    }

    private static func words(_ provenance: Provenance?) -> String {
        guard let provenance else { return "a build that was cut off" }
        switch provenance.role {
        case .candidate: return "candidate \(provenance.candidate ?? "") at \(provenance.revision.abbreviated)"
        case .baseTemplate: return "base template of \(provenance.base.abbreviated)"
        case .master: return "master at \(provenance.revision.abbreviated)"
        }
    }
}
