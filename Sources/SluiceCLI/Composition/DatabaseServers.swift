import CandidateDatabases
import DesiredState
import Diagnostics
import PostgresClient

/// The connections to the database servers of desired state, one pool a server.
///
/// The connection string is read from where it is kept each time, so that a rotated password is used from the next
/// connection on; the pool to the former one is closed.
actor DatabaseServers {
    private struct Opened {
        let uri: Secret<String>?
        let size: Int
        let server: PostgresServer
    }

    private let cluster: PrivateCluster
    private let secrets: SecretResolver
    private let claims: ServerClaims
    private var opened: [String: Opened] = [:]

    init(cluster: PrivateCluster, secrets: SecretResolver, claims: ServerClaims) {
        self.claims = claims
        self.cluster = cluster
        self.secrets = secrets
    }

    /// The administration of a server on which no other installation works under the same name.
    func server(named name: String, _ spec: DatabaseServerSpec) async throws -> PostgresServer {
        let server = try await opened(name, spec)
        try await claims.hold(server, named: name, instance: spec.instance)
        return server
    }

    /// Says once more that we work on a server, where we do: nobody else takes it meanwhile.
    /// - Throws: `server.claimed` when somebody else has taken it.
    func renewClaim(on name: String, _ spec: DatabaseServerSpec) async throws {
        // Nobody else can reach one that is the controller's own.
        guard spec.source != .embedded else { return }
        try await claims.renew(try await opened(name, spec), instance: spec.instance)
    }

    /// The administration of a server, for whoever only looks at it.
    func unclaimed(_ name: String, _ spec: DatabaseServerSpec) async throws -> PostgresServer {
        try await opened(name, spec)
    }

    /// Why we may not work on a server: another installation does. Nil when none does. Changes nothing.
    func otherClaim(on server: PostgresServer, _ spec: DatabaseServerSpec) async throws -> SluiceError? {
        try await claims.refusal(on: server, instance: spec.instance)
    }

    private func opened(_ name: String, _ spec: DatabaseServerSpec) async throws -> PostgresServer {
        let uri: Secret<String>? =
            if case .connection(let reference) = spec.source { try secrets.resolve(reference) } else { nil }
        // A deploy asks for a connection every now and then; sweeps and readers of tables come beside.
        let size = spec.maxConcurrentDeploys + 4
        let login =
            if let uri { try PostgresConfiguration(uri: uri) } else { try await cluster.configuration() }
        if let known = opened[name] {
            if known.uri == uri, known.size == size { return known.server }
            await known.server.pool.close()
        }
        let pool = PostgresPool(configuration: login.with(applicationName: "sluice gate"), size: size)
        let server = PostgresServer(pool: pool)
        opened[name] = Opened(uri: uri, size: size, server: server)
        return server
    }

    /// Closes all connections.
    func close() async {
        let pools = opened.values.map(\.server.pool)
        opened = [:]
        for pool in pools { await pool.close() }
    }
}
