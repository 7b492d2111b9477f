import DesiredState
import Forges
import GitClient
import PostgresClient
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("The state store is restored from an older copy")
struct GateRestoreTests {
    @Test("F-15: what happened since the copy is adopted: no database is built again, no verdict is given twice")
    func older() async throws {
        try await GateWorld.with { world in
            try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.push(GateWorld.adding("b", "create table b (id int);"), as: "2")
            try await world.settle()
            let copy = try await Self.copy(of: world)

            let newer = try await world.push(GateWorld.adding("c", "create table c (id int);"), as: "1")
            let third = try await world.push(GateWorld.adding("d", "create table d (id int);"), as: "3")
            try await world.close("2")
            try await world.settle()
            let before = try await Self.identities(of: world)
            let said = [try await world.verdict(newer, of: "1"), try await world.verdict(third, of: "3")]
            #expect(Set(before.keys) == ["1", "3"] && said.allSatisfy { $0?.verdict == .success })

            let pool = PostgresPool(configuration: world.store.pool.configuration.with(database: copy), size: 6)
            let restored = GateWorld(
                prefix: world.prefix, postgres: world.postgres, store: StateStore(pool: pool),
                repository: world.repository, forge: world.forge, double: world.double, spec: world.spec,
                mirror: world.mirror)
            let result: Result<Void, any Error>
            do { result = .success(try await restored.settle()) } catch { result = .failure(error) }
            // The candidate that was closed meanwhile is told to be gone by the second look.
            if case .success = result { try await restored.settle() }
            let status = try await restored.status("1")
            await pool.close()
            try result.get()

            #expect(try await Self.identities(of: world) == before)
            #expect(status?.state == .ready && status?.shows == newer)
            #expect([try await world.verdict(newer, of: "1"), try await world.verdict(third, of: "3")] == said)
            for (revision, id) in [(newer, "1"), (third, "3")] {
                #expect(try await world.writtenTwice(on: revision, of: id).isEmpty)
            }
            #expect(try await world.leftovers().isEmpty)
        }
    }

    /// Copies the state database as it is now.
    private static func copy(of world: GateWorld) async throws -> String {
        let (name, copy) = (world.store.pool.configuration.database, "\(world.prefix)restored")
        // A template must have no sessions; the pool replaces what it loses.
        try await world.postgres.server.pool.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name])
        try await world.postgres.server.createDatabase(copy, template: name, retryWhileTemplateBusy: .seconds(60))
        return copy
    }

    /// Which database each candidate has: a built one has another identity.
    private static func identities(of world: GateWorld) async throws -> [String: Int64] {
        let prefix = world.spec.databasePrefix
        let rows = try await world.postgres.server.pool.query(
            "SELECT datname, oid::bigint AS identity FROM pg_database WHERE starts_with(datname, $1)", [prefix])
        let all = try rows.map {
            (String(try $0.string("datname").dropFirst(prefix.count)), try $0.int64("identity"))
        }
        return Dictionary(all.filter { $0.0 != "master" }, uniquingKeysWith: { first, _ in first })
    }
}
