import EmbeddedPostgres
import Glibc
import Logging
import PostgresClient
import TestSupport

/// A database server of a test's own, which can break off as in a power cut and come back.
actor FragileServer {
    nonisolated let postgres: TestPostgres
    private let configuration: EmbeddedPostgresConfiguration
    private var cluster: EmbeddedPostgres?

    private init(_ configuration: EmbeddedPostgresConfiguration, _ cluster: EmbeddedPostgres) {
        self.configuration = configuration
        self.cluster = cluster
        postgres = TestPostgres(
            configuration: cluster.configuration,
            server: PostgresServer(pool: PostgresPool(configuration: cluster.configuration, size: 2)))
    }

    /// Calls `body` with a server, and takes it down afterwards.
    static func with(_ body: @Sendable (FragileServer) async throws -> Void) async throws {
        try await withTemporaryDirectory("fragile") { directory in
            let configuration = EmbeddedPostgresConfiguration(
                dataDirectory: "\(directory)/cluster", durability: .disposable,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let server = FragileServer(configuration, try await EmbeddedPostgres.start(configuration))
            let result: Result<Void, any Error>
            do { result = .success(try await body(server)) } catch { result = .failure(error) }
            await server.postgres.server.pool.close()
            await server.end()
            try result.get()
        }
    }

    /// Ends the server at once: no session is asked, nothing is written out (`immediate` mode).
    func breakOff() async throws {
        guard let cluster else { return }
        kill(cluster.processID, SIGQUIT)
        try await cluster.waitUntilStopped()
        await cluster.stop()
        self.cluster = nil
    }

    /// Starts it again, on what it had written.
    func comeBack() async throws {
        if cluster == nil { cluster = try await EmbeddedPostgres.start(configuration) }
    }

    private func end() async {
        await cluster?.stop()
        cluster = nil
    }
}
