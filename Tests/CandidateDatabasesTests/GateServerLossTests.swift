import CandidateDatabases
import ForgeDoubles
import Forges
import GitClient
import NIOConcurrencyHelpers
import PostgresClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@Suite("The gate without its database server")
struct GateServerLossTests {
    private static let points = [
        "recorded:plan", "after:verdict.pending", "before:database.clone", "after:database.clone",
        "before:changelog.deploy", "after:changelog.deploy", "after:database.publish", "before:verdict.report",
        "after:verdict.report",
    ]

    /// Which of a controller's two servers breaks off.
    enum Lost: String, CaseIterable, Sendable {
        case candidates, both
    }

    @Test(
        "F-03: a server that breaks off at any boundary of a candidate's life, for a moment or for longer, costs no verdict, no second post and no database",
        arguments: [(GateHost.gerrit, Lost.candidates), (.gitlab, .candidates), (.gitlab, .both)])
    func everyBoundary(_ host: GateHost, _ lost: Lost) async throws {
        try await FragileServer.with { server in
            try await GateWorld.with(
                host: host, on: server.postgres, storing: lost == .both ? server.postgres : nil
            ) { world in
                for (index, point) in Self.points.enumerated() {
                    do {
                        try await Self.live(index + 1, losing: server, at: point, isBrief: index % 2 == 0, in: world)
                    } catch {
                        Issue.record("\(point): \(String(reflecting: error))\n\(await world.story())")
                    }
                }
                let names = world.registry.names
                #expect(try await world.published() == Self.points.indices.map { String($0 + 1) })
                #expect(try await world.leftovers().isEmpty)
                // A candidate's login stays until the candidate goes; a base's goes with its deploy.
                let logins = try await world.postgres.server.listRoles(prefix: names.privatePrefix + "login")
                #expect(Set(logins).isSubset(of: Self.points.indices.map { names.login(String($0 + 1)) }))
            }
        }
    }

    private static func live(
        _ number: Int, losing server: FragileServer, at point: String, isBrief: Bool, in world: GateWorld
    ) async throws {
        let hasBroken = NIOLockedValueBox(false)
        let failpoints = ScriptedFailpoints { reached, _ in
            let isNow = hasBroken.withLockedValue { broken in
                defer { broken = broken || reached == point }
                return reached == point && !broken
            }
            guard isNow else { return }
            try await server.breakOff()
            if isBrief { try await server.comeBack() }
        }
        let id = String(number)
        let head = try await world.push(
            GateWorld.adding("t\(id)", "create table t\(id) (id int);"), as: id)
        try await world.wake()
        // Out of reach of what it stores, an engine holds on to what it has done until it can write it down.
        let (troubles, trouble) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let rescue = Task { for await _ in troubles { return try await server.comeBack() } }
        let engine = world.engine(failpoints: failpoints) { if case .troubled = $0 { trouble.yield() } }
        do { try await engine.drain(limit: 20) } catch is PostgresError {}
        trouble.finish()
        try await rescue.value
        #expect(hasBroken.withLockedValue { $0 }, "\(point) was not reached")
        try await server.comeBack()
        try await world.store.queue.expireLeases(heldBy: "one")
        try await world.settle()
        let story = await world.story()
        #expect(try await world.requireVerdict(head, of: id).verdict == .success, "\(point): \(story)")
        // What the server forgot is made again: the vote is taken back meanwhile, and Gerrit's messages cannot be edited.
        if world.double?.configuration.type != .gerrit || point != "after:verdict.report" {
            #expect(try await world.writtenTwice(on: head, of: id).isEmpty, "\(point): \(story)")
        }
        #expect(try await world.tables(id) == ["parcel", "t\(id)"], "\(point)")
    }
}
