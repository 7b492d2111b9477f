import Diagnostics
import Logging
import PostgresClient
import Terminal

/// A controller in this process, with its private PostgreSQL, for as long as a story is told.
struct DemoController: Sendable {
    let configuration: ControllerConfiguration
    /// The file that it logs to.
    let log: String

    /// Starts it, tells the story, and stops it.
    /// - Parameters:
    ///   - staying: Whether it goes on serving after the story, until it is told to stop.
    ///   - prepare: What is done on the database server before the story begins.
    ///   - tell: The story; is given the interface's address.
    func serve(
        staying: Bool = false, preparing prepare: @escaping @Sendable (PostgresServer) async throws -> Void,
        _ tell: @escaping @Sendable (_ address: String, PostgresServer) async throws -> Void
    ) async throws {
        let controller = try await Controller.open(configuration, logger: try .toFile(log, .info))
        let pool = PostgresPool(configuration: try await controller.privateServer(), size: 2)
        do {
            try await serve(controller, staying: staying) { address in
                let server = PostgresServer(pool: pool)
                try await prepare(server)
                try await tell(address, server)
            }
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }

    private func serve(
        _ controller: Controller, staying: Bool, _ tell: @escaping @Sendable (_ address: String) async throws -> Void
    ) async throws {
        let ports = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await controller.run { port in ports.continuation.yield(port ?? 0) }
                ports.continuation.finish()
                throw CommandFailure(.notReady, "the controller was stopped before the story was told")
            }
            group.addTask {
                for await port in ports.stream {
                    try await tell("http://127.0.0.1:\(port)")
                    return
                }
            }
            // Whichever ends first ends the other: the story when it is told, the controller when it is stopped.
            try await group.next()
            if !staying {
                group.cancelAll()
                _ = try? await group.next()
                return
            }
            do { try await group.next() } catch is CommandFailure {}
        }
    }
}
