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

            // With a place there, the one that waits gets it.
            spread.limit("dev", to: nil)
            for id in ["1", "2"] {
                try await world.store.queue.enqueue(
                    EnqueueRequest(GateKey.candidate(id, of: GateWorld.registryName), lane: .deploy, reason: "test"))
            }
            try await spread.settle()
            #expect(try await spread.published() == ["1": "dev", "2": "dev"])
        }
    }
}

extension GateSpreadTests {
    private static func with(_ body: @Sendable (GateWorld, Spread) async throws -> Void) async throws {
        try await FragileServer.with { second in
            try await GateWorld.with(spec: { prefix in
                let spec = GateWorld.spec(prefix: prefix)
                return RegistrySpec(
                    forge: spec.forge, project: spec.project, server: spec.server,
                    referenceDatabase: spec.referenceDatabase, databasePrefix: spec.databasePrefix,
                    changelogs: spec.changelogs, database: spec.database, candidateServers: ["dev", "second"])
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

    /// The servers of candidates' databases that people read.
    func published() async throws -> [String: String] {
        var places: [String: String] = [:]
        for (name, server) in servers {
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
