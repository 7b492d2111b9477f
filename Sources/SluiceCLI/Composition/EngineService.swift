import Reconciliation
import ServiceLifecycle

/// The engine as a service: a graceful shutdown takes no new keys and lets passes under way finish.
struct EngineService: Service {
    let engine: Engine

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await engine.run()
        } onGracefulShutdown: {
            engine.stop()
        }
    }
}
