import Diagnostics
import EmbeddedPostgres
import Logging
import PostgresClient
import ServiceLifecycle

/// The database server that the controller runs itself: started when it is first needed, stopped with the controller.
actor PrivateCluster {
    private let directory: String
    private let logger: Logger
    private var starting: Task<EmbeddedPostgres, any Error>?
    private let deaths: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation) =
        AsyncStream.makeStream()
    private var isStopping = false

    init(directory: String, logger: Logger) {
        self.directory = directory
        self.logger = logger
    }

    /// How the administrator connects. Starts the server when it does not run yet.
    func configuration() async throws -> PostgresConfiguration { try await server().configuration }

    /// Stops the server, if it was ever started.
    func stop() async {
        isStopping = true
        guard let starting else { return }
        self.starting = nil
        if case .success(let server) = await starting.result { await server.stop() }
    }

    private func server() async throws -> EmbeddedPostgres {
        if let starting {
            do {
                return try await starting.value
            } catch {
                // What failed is tried again: a port may be free by now, a package installed.
                if self.starting == starting { self.starting = nil }
                throw error
            }
        }
        let task = Task { [directory, logger] in
            try await EmbeddedPostgres.start(EmbeddedPostgresConfiguration(dataDirectory: directory, logger: logger))
        }
        starting = task
        let server = try await task.value
        Task { await watch(server) }
        return server
    }

    private func watch(_ server: EmbeddedPostgres) async {
        try? await server.waitUntilStopped()
        if !isStopping { deaths.continuation.yield() }
    }
}

extension PrivateCluster: Service {
    /// Returns when the controller shuts down, after the server has stopped. Throws when the server ends before that.
    nonisolated func run() async throws {
        for await _ in deaths.stream.cancelOnGracefulShutdown() {
            throw SluiceError(
                "embedded-postgres.ended", .transient, "the private database server has ended by itself",
                hint: "its logs are in \(directory)/log")
        }
        await stop()
    }
}
