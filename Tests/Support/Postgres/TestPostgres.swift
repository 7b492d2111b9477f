import EmbeddedPostgres
import Foundation
import Glibc
import Logging
public import PostgresClient

/// The PostgreSQL cluster of this test process: private, made when the first test asks, gone with the process.
///
/// Nothing in it survives a power failure, which makes it fast; it lies in memory when there is room. A run that crashed
/// leaves its directory behind, and the next run removes it; its server dies with it. `SLUICE_TEST_POSTGRES` names the
/// programs' folder of another version than the system's newest.
public struct TestPostgres: Sendable {
    /// How the superuser logs in, to the database `postgres`.
    public let configuration: PostgresConfiguration
    /// The administration of the cluster.
    public let server: PostgresServer

    /// A cluster that somebody else starts and stops.
    public init(configuration: PostgresConfiguration, server: PostgresServer) {
        self.configuration = configuration
        self.server = server
    }

    private static let starting = Task { try await start() }

    /// The cluster, started when it does not run yet.
    public static func shared() async throws -> TestPostgres { try await starting.value }

    private static func start() async throws -> TestPostgres {
        let logger = Logger(label: "test-postgres") { _ in SwiftLogNoOpLogHandler() }
        let home = TestClusterHome()
        await home.sweep(logger)
        var configuration = EmbeddedPostgresConfiguration(
            dataDirectory: home.newDirectory(), binaries: ProcessInfo.processInfo.environment["SLUICE_TEST_POSTGRES"],
            durability: .disposable, maximumConnections: 300, logger: logger)
        configuration.settings = ["shared_buffers": "64MB", "max_wal_size": "256MB"]
        let cluster = try await EmbeddedPostgres.start(configuration)
        TestClusterExit.register(cluster, directory: configuration.dataDirectory)
        // Two at a time: more clones at once only make each of them slower.
        let administrator = patient(cluster.configuration)
        let pool = PostgresPool(configuration: administrator, size: 2, acquireTimeout: .seconds(600))
        return TestPostgres(configuration: administrator, server: PostgresServer(pool: pool))
    }

    /// Logs in however slow the machine is; where a wait has to end, the test says so.
    private static func patient(_ configuration: PostgresConfiguration) -> PostgresConfiguration {
        var patient = configuration
        patient.connectTimeout = .seconds(120)
        patient.cancelGrace = .seconds(60)
        return patient
    }

    /// Calls `body` with a database of its own, and drops it afterwards.
    public func withDatabase<Result: Sendable>(
        template: String = "template1", _ body: (PostgresConfiguration) async throws -> Result
    ) async throws -> Result {
        try await withPrefix { prefix in
            let name = "\(prefix)database"
            try await server.createDatabase(name, template: template, retryWhileTemplateBusy: .seconds(600))
            return try await body(configuration.with(database: name))
        }
    }

    /// Whether the server could make an extension. Those that its contributors keep are not with every installation.
    public func offers(extension name: String) async throws -> Bool {
        try await !server.pool.query("SELECT FROM pg_available_extensions WHERE name = $1", [name]).isEmpty
    }

    /// Calls `body` with a prefix for names of databases and roles, and drops those afterwards.
    public func withPrefix<Result: Sendable>(_ body: (String) async throws -> Result) async throws -> Result {
        let prefix = "t\(String(UInt64.random(in: .min ... .max), radix: 36))_"
        do {
            let result = try await body(prefix)
            try await Task { try await removeAll(prefix) }.value
            return result
        } catch {
            // The test's own error counts; its task may be cancelled, so the removal has one of its own.
            _ = await Task { try await removeAll(prefix) }.result
            throw error
        }
    }

    private func removeAll(_ prefix: String) async throws {
        for database in try await server.listDatabases(prefix: prefix) {
            if database.isTemplate { try await server.setIsTemplate(false, ofDatabase: database.name) }
            try await server.dropDatabase(database.name)
        }
        let roles = try await server.listRoles(prefix: prefix)
        for role in roles { try await server.pool.query("DROP OWNED BY \(SQL.identifier(role))") }
        for role in roles { try await server.dropRole(role) }
    }
}

/// Calls `body` with a fresh database of this process's cluster, and drops it afterwards.
public func withDatabase<Result: Sendable>(
    _ body: (PostgresConfiguration) async throws -> Result
) async throws -> Result {
    try await TestPostgres.shared().withDatabase(body)
}

/// Calls `body` with a connection to a fresh database, and drops it afterwards.
public func withConnection<Result: Sendable>(
    _ body: (PostgresConnection) async throws -> Result
) async throws -> Result {
    try await withDatabase { configuration in
        let connection = try await PostgresConnection.open(configuration)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(connection)) } catch { result = .failure(error) }
        await connection.close()
        return try result.get()
    }
}
