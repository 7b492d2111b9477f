import DesiredState
import Diagnostics
import Logging
import NIOConcurrencyHelpers
import PostgresClient
import Reconciliation
import StateStore
import StateStoreSupport
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("A registry is cleaned up")
struct GateCleanupTests {
    @Test(
        "A server that is away is left out: the others are cleaned up, nothing is forgotten before, and once it is back all goes"
    )
    func away() async throws {
        try await GateWorld.with { world in
            try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.settle()
            #expect(try await world.published() == ["1"])
            var closed = world.postgres.configuration
            closed.ports = "1"
            let nowhere = PostgresPool(configuration: closed, size: 1)
            let servers = NIOLockedValueBox<[String: Result<CleanupServer, SluiceError>]>([
                "claimed": .failure(SluiceError("server.claimed", .stalled, "somebody else works there")),
                "away": .success(CleanupServer(server: PostgresServer(pool: nowhere), instance: world.prefix)),
                "dev": .success(CleanupServer(server: world.postgres.server, instance: world.prefix)),
            ])
            let engine = Self.engine(world) { servers.withLockedValue(\.self) }
            let key = CleanupReconciler.key(GateWorld.registryName)
            let candidate = GateKey.candidate("1", of: GateWorld.registryName)

            let plan = try await engine.preview(key)
            #expect(!plan.tasks.isEmpty && !plan.tasks.contains { $0.action == "cleanup.forget" })
            let message = plan.result.message
            #expect(message.contains("claimed: somebody else works there") && message.contains("away: "), "\(message)")
            try await Self.run(key, engine, world)
            #expect(try await Self.databases(of: world).isEmpty)
            #expect(try await world.store.resources.get(candidate) != nil)
            // It does not come back by itself: by then there may be something new.
            #expect(try await engine.drain(limit: 10) == 0)

            servers.withLockedValue { servers in
                servers["claimed"] = nil
                servers["away"] = nil
            }
            try await Self.run(key, engine, world)
            #expect(try await world.store.resources.get(candidate) == nil)
            #expect(try await engine.preview(key).result.standing == .removed)
            await nowhere.close()
        }
    }

    private static func run(_ key: ResourceKey, _ engine: Engine, _ world: GateWorld) async throws {
        try await world.store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: GateReason.requested))
        try await engine.drain(limit: 10)
    }

    private static func databases(of world: GateWorld) async throws -> [String] {
        let server = world.postgres.server
        return try await server.listDatabases(prefix: world.registry.names.privatePrefix).map(\.name)
            + server.listDatabases(prefix: world.spec.databasePrefix).map(\.name)
    }

    private static func engine(_ world: GateWorld, _ servers: @escaping CleanupReconciler.Servers) -> Engine {
        Engine(
            store: world.store, reconcilers: [CleanupReconciler(store: world.store, servers: servers) { _ in false }],
            configuration: .patient(worker: "one"), randomness: Randomness { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}
