import DesiredState
import Forges
import GitClient
import NIOConcurrencyHelpers
import PostgresClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("Candidates on several servers")
struct GateSpreadTests {
    @Test(
        "They spread, stay where they are while a server is drained or away, are judged there, and go without a trace")
    func spread() async throws {
        try await Self.with { world, spread in
            for id in ["1", "2", "3", "4"] {
                try await world.push(GateWorld.adding("t\(id)", "create table t\(id) (id int);"), as: id)
            }
            try await spread.settle()
            var places: [String: String] = [:]
            for id in ["1", "2", "3", "4"] {
                let status = try #require(await world.status(id))
                let story = await world.story()
                #expect(status.state == .ready, "\(story)")
                places[id] = status.server
            }
            #expect(places.values.count { $0 == "dev" } == 2 && places.values.count { $0 == "second" } == 2)
            #expect(try await spread.published() == places)
            let moved = try #require(places.first { $0.value == "second" }?.key)

            // A new revision is built where the candidate is, although nothing new would go there.
            spread.drain("second")
            let revision = try await world.push(
                GateWorld.adding("again", "create table again (id int);"), as: moved)
            try await world.push(GateWorld.adding("t5", "create table t5 (id int);"), as: "5")
            try await spread.settle()
            #expect(try await world.requireVerdict(revision, of: moved).verdict == .success)
            #expect(try await world.status("5")?.server == "dev")
            places["5"] = "dev"
            #expect(try await spread.published() == places)

            // While the server is away, the others go on and nobody moves.
            spread.drain(nil)
            spread.cut("second")
            let waiting = try await world.push(GateWorld.adding("late", "create table late (id int);"), as: moved)
            let sixth = try await world.push(GateWorld.adding("t6", "create table t6 (id int);"), as: "6")
            try await spread.settle()
            #expect(try await world.requireVerdict(sixth, of: "6").verdict == .success)
            #expect(try await world.status("6")?.server == "dev")
            #expect(try await world.verdict(waiting, of: moved)?.verdict != .success)
            let registry = try #require(await world.store.resources.get(GateKey.registry(GateWorld.registryName)))
            #expect(registry.conditions[.ready]?.message.contains("second cannot be looked at: ") == true)

            // What it missed is made up for.
            spread.cut(nil)
            try await spread.settle()
            #expect(try await world.requireVerdict(waiting, of: moved).verdict == .success)
            places["6"] = "dev"
            #expect(try await spread.published() == places)

            // The state store forgets: databases tell where candidates are.
            try await world.store.resources.remove(GateKey.candidate(moved, of: GateWorld.registryName))
            try await spread.settle()
            #expect(try await world.status(moved)?.server == "second")
            #expect(try await spread.published() == places)

            for id in places.keys { try await world.close(id) }
            try await spread.settle()
            try await spread.settle()
            #expect(try await spread.published().isEmpty)
            #expect(try await spread.leftovers().isEmpty)
        }
    }

    @Test("A server whose reference database is another one takes nobody, and one that is full neither")
    func unfit() async throws {
        try await Self.with { world, spread in
            let server = spread.servers["second"]?.postgres
            let name = try #require(server?.configuration.with(database: world.spec.referenceDatabase))
            let connection = try await PostgresConnection.open(name)
            try await connection.execute("CREATE TABLE registry.more (id int)")
            await connection.close()
            spread.limit("dev", to: 1)
            for id in ["1", "2"] {
                try await world.push(GateWorld.adding("t\(id)", "create table t\(id) (id int);"), as: id)
            }
            try await spread.settle()
            let states = [try await world.status("1"), try await world.status("2")]
            #expect(Set(states.map { $0?.state }) == [.ready, .waiting])
            #expect(states.compactMap { $0?.server } == ["dev"])
            let waiting = states.first??.state == .waiting ? "1" : "2"
            func isSaid(_ words: String) async throws -> Bool {
                let key = GateKey.candidate(waiting, of: GateWorld.registryName)
                return try await world.store.resources.get(key)?.conditions[.ready]?.message.contains(words) == true
            }
            let different = "second has another reference database than dev"
            #expect(try await isSaid("dev is full; \(different)"))

            // Nor does it while the server that it is compared with is away: what that had is remembered.
            spread.cut("dev")
            try await spread.look(at: waiting)
            #expect(try await spread.published(but: "dev").isEmpty)
            #expect(try await world.status(waiting)?.server == nil)
            #expect(try await isSaid("dev cannot be looked at: the server is away; \(different)"))
            // And while nobody remembers, nobody goes anywhere.
            let registry = GateKey.registry(GateWorld.registryName)
            try await world.store.pool.query(
                "UPDATE sluice.resources SET status = status - 'reference' WHERE kind = $1 AND name = $2",
                [registry.kind, registry.name])
            try await spread.look(at: waiting)
            #expect(try await spread.published(but: "dev").isEmpty)
            #expect(try await isSaid("what the reference database of second should be is known once dev is back"))
            spread.cut(nil)

            // With a place there, the one that waits gets it.
            spread.limit("dev", to: nil)
            for id in ["1", "2"] { try await spread.look(at: id) }
            #expect(try await spread.published() == ["1": "dev", "2": "dev"])
        }
    }

    @Test("A registry's only server takes nobody new while it is drained, and keeps and rebuilds whom it has")
    func alone() async throws {
        try await Self.with(servers: []) { world, spread in
            try await world.push(GateWorld.adding("t1", "create table t1 (id int);"), as: "1")
            try await spread.settle()
            #expect(try await spread.published() == ["1": "dev"])

            spread.drain("dev")
            let again = try await world.push(GateWorld.adding("again", "create table again (id int);"), as: "1")
            let new = try await world.push(GateWorld.adding("t2", "create table t2 (id int);"), as: "2")
            try await spread.settle()
            #expect(try await world.requireVerdict(again, of: "1").verdict == .success)
            #expect(try await world.tables("1") == ["again", "parcel"])
            #expect(try await spread.published() == ["1": "dev"])
            #expect(try await world.verdict(new, of: "2")?.verdict == .unknown)
            let resource = try await world.store.resources.get(GateKey.candidate("2", of: GateWorld.registryName))
            #expect(resource?.conditions[.ready]?.message.contains("dev is drained") == true)
            // A store that forgets does not make it new.
            try await world.store.resources.remove(GateKey.candidate("1", of: GateWorld.registryName))
            try await spread.settle()
            #expect(try await world.status("1")?.state == .ready)

            spread.drain(nil)
            try await spread.look(at: "2")
            #expect(try await world.requireVerdict(new, of: "2").verdict == .success)
            #expect(try await spread.published() == ["1": "dev", "2": "dev"])
        }
    }

    @Test("A registry's only server of candidates takes nobody when its reference database is not its own server's")
    func aloneAndUnfit() async throws {
        try await Self.with(servers: ["second"]) { world, spread in
            let configuration = try #require(spread.servers["second"]?.postgres.configuration)
            let connection = try await PostgresConnection.open(
                configuration.with(database: world.spec.referenceDatabase))
            try await connection.execute("CREATE TABLE registry.more (id int)")
            try await world.push(GateWorld.adding("t1", "create table t1 (id int);"), as: "1")
            try await spread.settle()
            #expect(try await spread.published().isEmpty)
            try await connection.execute("DROP TABLE registry.more")
            await connection.close()
            try await spread.look(at: "1")
            #expect(try await spread.published() == ["1": "second"])
        }
    }
}

extension GateSpreadTests {
    private static func with(
        servers: [String] = ["dev", "second"], _ body: @Sendable (GateWorld, Spread) async throws -> Void
    ) async throws {
        try await FragileServer.with { second in
            try await GateWorld.with(spec: { prefix in
                let spec = GateWorld.spec(prefix: prefix)
                return RegistrySpec(
                    forge: spec.forge, project: spec.project, server: spec.server,
                    referenceDatabase: spec.referenceDatabase, databasePrefix: spec.databasePrefix,
                    changelogs: spec.changelogs, database: spec.database, candidateServers: servers)
            }) { world in
                try await second.postgres.server.createDatabase(world.spec.referenceDatabase)
                let configuration = second.postgres.configuration.with(database: world.spec.referenceDatabase)
                let connection = try await PostgresConnection.open(configuration)
                try await connection.execute("CREATE SCHEMA registry")
                await connection.close()
                try await body(world, Spread(world: world, second: second.postgres))
            }
        }
    }
}

/// A registry whose candidates may be on two servers.
private final class Spread: RegistryDirectory {
    struct Server {
        let postgres: TestPostgres
        var isDrained = false
        var isCut = false
        var limit: Int?
    }

    let world: GateWorld
    private let state: NIOLockedValueBox<[String: Server]>

    var servers: [String: Server] { state.withLockedValue { $0 } }

    init(world: GateWorld, second: TestPostgres) {
        self.world = world
        state = NIOLockedValueBox(["dev": Server(postgres: world.postgres), "second": Server(postgres: second)])
    }

    func drain(_ name: String?) { state.withLockedValue { for key in $0.keys { $0[key]?.isDrained = key == name } } }
    func cut(_ name: String?) { state.withLockedValue { for key in $0.keys { $0[key]?.isCut = key == name } } }
    func limit(_ name: String, to limit: Int?) { state.withLockedValue { $0[name]?.limit = limit } }

    func registry(named name: String) async throws -> GateRegistry? { try await registry(named: name, on: "dev") }

    func registry(named name: String, on server: String) async throws -> GateRegistry? {
        guard name == GateWorld.registryName, let place = servers[server] else { return nil }
        if place.isCut { throw PostgresError(.connect, "the server is away") }
        return GateRegistry(
            name: name, spec: world.spec, forge: world.forge, serverName: server, server: place.postgres.server,
            serverSpec: DatabaseServerSpec(
                source: .embedded, instance: world.prefix, readerRole: "\(world.prefix)reader",
                maxDatabases: place.limit, drain: place.isDrained))
    }

    func servers(of registry: String) async throws -> [String]? { world.spec.servers }

    func repository(of registry: GateRegistry, having wanted: WantedCommits) -> GitMirror { world.mirror }

    /// Looks at the registry and works until nothing is due.
    func settle() async throws {
        try await world.wake()
        try await world.engine(directory: self).drain(limit: 300)
    }

    /// Looks at a candidate and works until nothing is due.
    func look(at id: String) async throws {
        try await world.store.queue.enqueue(
            EnqueueRequest(GateKey.candidate(id, of: GateWorld.registryName), lane: .deploy, reason: "test"))
        try await world.engine(directory: self).drain(limit: 300)
    }

    /// The servers of candidates' databases that people read.
    func published(but left: String? = nil) async throws -> [String: String] {
        var places: [String: String] = [:]
        for (name, server) in servers where name != left {
            for database in try await server.postgres.server.listDatabases(prefix: world.spec.databasePrefix)
            where database.name != world.registry.names.master {
                let id = String(database.name.dropFirst(world.spec.databasePrefix.count))
                #expect(places[id] == nil, "\(id) is on both servers")
                places[id] = name
            }
        }
        return places
    }

    /// The private databases that are no base templates, and logins, on both servers.
    func leftovers() async throws -> [String] {
        var names: [String] = []
        let prefix = world.registry.names.privatePrefix
        for server in servers.values.map(\.postgres.server) {
            names += try await server.listDatabases(prefix: prefix).map(\.name).filter {
                !$0.hasPrefix("\(prefix)base-")
            }
            names += try await server.listRoles(prefix: "\(prefix)login")
        }
        return names
    }
}
