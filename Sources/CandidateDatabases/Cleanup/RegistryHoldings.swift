import DesiredState
import Diagnostics
import GitClient
public import PostgresClient
import StateStore

/// Everything that the gate holds for a registry on one server: its databases and its private roles.
///
/// It is found by name and provenance alone, so that it can be found although the registry is not desired any more.
struct RegistryHoldings: Sendable {
    let databases: [GateDatabase]
    let roles: [String]

    /// Looks at a server, without connecting to any of its databases.
    ///
    /// A name under the private prefix is ours although a crash left it without provenance; a name that people see
    /// proves nothing.
    static func read(_ registry: String, on server: CleanupServer) async throws -> RegistryHoldings {
        let prefix = DatabaseNames(instance: server.instance, registry: registry, prefix: "").privatePrefix
        let databases = try await server.server.listDatabases().compactMap { info -> GateDatabase? in
            let provenance = Provenance(comment: info.comment)
            let isOurs = provenance.map { $0.instance == server.instance && $0.registry == registry }
            guard isOurs ?? info.name.begins(with: prefix) else { return nil }
            return GateDatabase(name: info.name, provenance: provenance)
        }
        return RegistryHoldings(
            databases: databases.sorted { $0.name < $1.name },
            roles: try await server.server.listRoles(prefix: prefix).sorted())
    }
}

/// A server on which a cleanup looks.
public struct CleanupServer: Sendable {
    /// Its administration.
    public let server: PostgresServer
    /// What tells this controller's databases there from another's.
    public let instance: String

    /// Makes a server.
    public init(server: PostgresServer, instance: String) {
        self.server = server
        self.instance = instance
    }
}
