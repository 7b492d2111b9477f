import DesiredState
import Diagnostics
import EmbeddedPostgres
import Foundation
import Logging
import PostgresClient
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("The doctor of a registry on two servers", .serialized)
struct DoctorSpreadTests {
    @Test(
        "A server whose reference database differs fails, with its name and what mends it; once they are the same, all is well"
    )
    func different() async throws {
        try await ReplicaWorld.with(1) { world in
            let second = try await EmbeddedPostgres.start(
                EmbeddedPostgresConfiguration(
                    dataDirectory: "\(world.root)/second", port: .free, durability: .disposable,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
            let result: Result<Void, any Error>
            do { result = .success(try await Self.look(world, second)) } catch { result = .failure(error) }
            await second.stop()
            try result.get()
        }
    }

    private static func look(_ world: ReplicaWorld, _ second: EmbeddedPostgres) async throws {
        let pool = PostgresPool(configuration: second.configuration, size: 1)
        let server = PostgresServer(pool: pool)
        try await server.ensureRole("keeper", RoleAttributes(login: true, password: Secret("keeper")))
        try await pool.query("ALTER ROLE keeper SUPERUSER")
        try await SampleRegistry.makeReference(on: server)
        await pool.close()
        let uri = "postgresql://keeper:keeper@127.0.0.1:\(second.loopbackPort ?? 0)/postgres"
        try write(["second": uri], below: "\(world.root)/secrets")
        let registry = try String(contentsOfFile: "\(world.config)/registry.yaml", encoding: .utf8)
        try write(
            [
                "second.yaml": """
                apiVersion: sluice.dev/v1alpha1
                kind: DatabaseServer
                metadata: {name: second}
                spec: {connection: {file: \(world.root)/secrets/second}}

                """,
                "registry.yaml": "\(registry)  candidates: {servers: [main, second]}\n",
            ], below: world.config)
        let well = try await eventually("both references to be compared") {
            try await references(world).first { $0["found"]?.string?.hasSuffix("is the same on main, second") == true }
        }
        #expect(well["state"]?.string == "ok" && well["subject"]?.string == "Registry/land")

        let connection = try await PostgresConnection.open(
            second.configuration.with(database: SampleRegistry.reference))
        try await connection.execute("CREATE TABLE registry.more (id int)")
        await connection.close()
        let failed = try await references(world).filter { $0["state"]?.string == "failed" }
        #expect(failed.count == 1)
        #expect(failed.first?["found"]?.string?.contains("second takes no candidates") == true, "\(failed)")
        #expect(failed.first?["fix"]?.string?.contains("spread-candidates") == true)
    }

    private static func references(_ world: ReplicaWorld) async throws -> [JSONValue] {
        let items = try await world.replica(0).client.get(["api", "v1", "doctor"]).body["items"]?.array ?? []
        return items.filter { $0["check"]?.string == "registry.reference" }
    }
}
