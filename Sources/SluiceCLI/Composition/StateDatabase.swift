import Diagnostics
import Logging
import PostgresClient
import StateStore

/// The database of the controller's own tables.
enum StateDatabase {
    /// Its name on the private server.
    static let name = "sluice"
    /// Enough for every worker, the interface and the sweeps: each holds a connection for one statement at a time.
    private static let connections = 12
    /// A replica that stands still in the middle of a transaction holds rows that nobody could take over. So the server ends
    /// such a session, after the time in which a replica that stands still loses its leases.
    private static let settings = ["idle_in_transaction_session_timeout": "15s"]

    /// Opens the database, makes it when it is on the private server and missing, and brings it to today's schema.
    static func open(
        _ configuration: ControllerConfiguration, cluster: PrivateCluster, logger: Logger
    ) async throws -> StateStore {
        let login =
            if let uri = configuration.stateDatabase {
                try PostgresConfiguration(uri: uri)
            } else {
                try await prepare(on: try await cluster.configuration())
            }
        let pool = PostgresPool(
            configuration: login.with(applicationName: StateStore.applicationName).with(settings: settings),
            size: connections)
        do {
            try await closeToPublic(pool, logger)
            let store = StateStore(pool: pool)
            try await store.migrate()
            return store
        } catch {
            await pool.close()
            throw error
        }
    }

    static func prepare(on server: PostgresConfiguration) async throws -> PostgresConfiguration {
        let pool = PostgresPool(configuration: server, size: 1)
        let administration = PostgresServer(pool: pool)
        do {
            if try await administration.database(name) == nil {
                try await administration.createDatabase(name, template: "template0")
            }
            await pool.close()
            return server.with(database: name)
        } catch {
            await pool.close()
            throw error
        }
    }

    /// Candidates' logins may be on the same server: none of them has business here.
    private static func closeToPublic(_ pool: PostgresPool, _ logger: Logger) async throws {
        do {
            try await PostgresServer(pool: pool).revokePublicConnect(onDatabase: pool.configuration.database)
        } catch let error as PostgresError where error.kind == .server {
            logger.warning(
                "everybody on the server may connect to the state database; its owner can revoke that",
                metadata: ["error": "\(error)"])
        }
    }
}
