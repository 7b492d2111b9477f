import CandidateDatabases
import DesiredState
import Diagnostics
import Forges
import GitClient
import MigrationCommand
import RegistryChanges

/// Where the gate learns of its registries: from the desired state in force.
struct GateDirectory: RegistryDirectory {
    let keeper: DesiredStateKeeper
    let servers: DatabaseServers
    let forges: KnownForges
    let repositories: Repositories
    let migrations: MigrationPrograms

    func registry(named name: String) async throws -> GateRegistry? {
        guard let spec = try await keeper.state().registries[name] else { return nil }
        guard let registry = try await registry(named: name, on: spec.server) else {
            throw SluiceError(
                "registry.incomplete", .stalled, "the forge or the database server of \(name) is not desired any more",
                hint: "sluice validate shows what is missing")
        }
        return registry
    }

    func registry(named name: String, on server: String) async throws -> GateRegistry? {
        let state = try await keeper.state()
        guard let spec = state.registries[name], let forge = state.forges[spec.forge],
            let serverSpec = state.servers[server]
        else { return nil }
        return GateRegistry(
            name: name, spec: spec, forge: try await forges.forge(forge, named: spec.forge), serverName: server,
            server: try await servers.server(named: server, serverSpec), serverSpec: serverSpec,
            changeTypes: RegistryChanges.changeTypes, migrations: migrations)
    }

    func servers(of registry: String) async throws -> [String]? {
        let state = try await keeper.state()
        return state.registries[registry]?.servers.filter { state.servers[$0] != nil }
    }

    /// A registry on the server where a candidate's databases are.
    func place(of status: CandidateStatus?, in registry: GateRegistry) async throws -> GateRegistry {
        guard let server = status?.server, server != registry.serverName else { return registry }
        return try await self.registry(named: registry.name, on: server) ?? registry
    }

    func repository(of registry: GateRegistry, having wanted: WantedCommits) async throws -> GitMirror {
        try await repositories.repository(of: registry, having: wanted)
    }

    /// The registry of a name, or the only one there is.
    ///
    /// - Throws: `registry.unknown`, `registry.ambiguous`.
    func require(_ name: String?) async throws -> GateRegistry {
        let names = try await keeper.state().registries.keys.sorted()
        guard let wanted = name ?? (names.count == 1 ? names.first : nil) else {
            guard let first = names.first else {
                throw SluiceError("registry.unknown", .stalled, "no registry is desired")
            }
            throw SluiceError(
                "registry.ambiguous", .stalled, "there are \(names.count) registries: name one",
                hint: "for example /registries/\(first)/versions/candidates")
        }
        guard let registry = try await registry(named: wanted) else {
            throw SluiceError(
                "registry.unknown", .stalled, "there is no registry of that name",
                hint: Suggestion.nearest(to: wanted, in: names).map { "did you mean \($0)?" })
        }
        return registry
    }

    /// Every database server that is desired, for cleanups; of one that cannot be worked on, why.
    func cleanupServers() async throws -> [String: Result<CleanupServer, SluiceError>] {
        let desired = try await keeper.state().servers
        return try await withThrowingTaskGroup(of: (String, Result<CleanupServer, SluiceError>).self) { group in
            for (name, spec) in desired {
                group.addTask {
                    do {
                        let server = try await servers.server(named: name, spec)
                        return (name, .success(CleanupServer(server: server, instance: spec.instance)))
                    } catch is CancellationError {
                        throw CancellationError()
                    } catch {
                        return (name, .failure(SluiceError(wrapping: error)))
                    }
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}
