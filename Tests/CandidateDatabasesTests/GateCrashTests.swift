import CandidateDatabases
import Forges
import Foundation
import GitClient
import PostgresClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@Suite("The gate's controller dies")
struct GateCrashTests {
    /// A place to die: a failpoint, and the how manieth time it is reached in a candidate's life.
    struct Boundary: Hashable, Sendable, CustomStringConvertible {
        let point: String
        let occurrence: Int
        var description: String { "\(point)#\(occurrence)" }
    }

    @Test(
        "F-01, V-02: killed at any effect boundary of a candidate's life, the next process ends with the right databases, no orphan, one verdict a revision that is told once, and each changeset applied once"
    )
    func everyBoundary() async throws { try await Self.dieEverywhere(on: .local) }

    /// Over Gerrit and GitLab, all 125 boundaries of a life take minutes each: `SLUICE_EVERY_BOUNDARY=1 swift test`.
    private static let isEveryOccurrenceAsked = ProcessInfo.processInfo.environment["SLUICE_EVERY_BOUNDARY"] != nil

    @Test(
        "F-01, V-02: killed at each kind of effect boundary over Gerrit and GitLab, the next process ends with the right databases, one verdict a revision and nothing written twice",
        arguments: [GateHost.gerrit, .gitlab]
    )
    func everyKind(_ host: GateHost) async throws { try await Self.dieEverywhere(on: host) }

    private static func dieEverywhere(on host: GateHost) async throws {
        let trace = ScriptedFailpoints()
        try await GateWorld.with(host: host) { try await CandidateLife(world: $0, failpoints: trace).live() }
        var seen: [String: Int] = [:]
        var boundaries = trace.trace.map { point in
            seen[point, default: 0] += 1
            return Boundary(point: point, occurrence: seen[point, default: 0])
        }
        let effects = ["database.clone", "changelog.deploy", "database.publish", "verdict.report", "database.discard"]
        for effect in effects { #expect(seen["after:\(effect)"] != nil, "\(effect) is not in the life") }
        // Over a host, one death at each kind of boundary, and each time that the host is written to.
        if host != .local, !Self.isEveryOccurrenceAsked {
            boundaries = boundaries.filter { $0.occurrence == 1 || $0.point.contains(":verdict.") }
        }

        try await withThrowingTaskGroup(of: Void.self) { group in
            var rest = boundaries[...]
            for boundary in rest.prefix(4) { group.addTask { try await die(at: boundary, on: host) } }
            rest = rest.dropFirst(4)
            while try await group.next() != nil {
                guard let boundary = rest.popFirst() else { continue }
                group.addTask { try await die(at: boundary, on: host) }
            }
        }
    }

    private static func die(at boundary: Boundary, on host: GateHost) async throws {
        let failpoints = ScriptedFailpoints(crashAt: boundary.point, occurrence: boundary.occurrence)
        try await GateWorld.with(host: host) { world in
            let life = CandidateLife(world: world, failpoints: failpoints)
            do { try await life.live() } catch {
                Issue.record("killed at \(boundary): \(error)\n\(await world.story())")
            }
            #expect(life.deaths == 1, "nobody died at \(boundary)")
        }
    }
}

/// One candidate from its first push to its end, over as many processes as it takes.
private final class CandidateLife: Sendable {
    struct Broken: Error { let promise: String }

    private let world: GateWorld
    private let failpoints: ScriptedFailpoints
    private let counter = DeathCounter()

    var deaths: Int { counter.value }

    init(world: GateWorld, failpoints: ScriptedFailpoints) {
        self.world = world
        self.failpoints = failpoints
    }

    func live() async throws {
        let good = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
        try await settle()
        try await expectVerdict(.success, on: good)
        try await expectTold("Verified", "+1", on: good)
        try await expect(tables: ["a", "parcel"], showing: good)

        let bad = try await world.push(GateWorld.adding("a", "create table a (id missing_type);"), as: "1")
        try await settle()
        try await expectVerdict(.failed, on: bad)
        try await expectTold("ChangelogFailed", "-1", on: bad)
        // Hosts with merge requests show the verdict on the present revision.
        if world.double == nil { try await expectVerdict(.success, on: good) }
        try await expect(tables: ["a", "parcel"], showing: good)

        let fixed = try await world.push(GateWorld.adding("a", "create table b (id int);"), as: "1")
        try await settle()
        try await expectVerdict(.success, on: fixed)
        try await expectTold("Verified", "+1", on: fixed)
        try await expect(tables: ["b", "parcel"], showing: fixed)

        try await world.close("1")
        try await settle()
        try await promise("no database is left", try await world.published().isEmpty)
        let logins = try await world.postgres.server.listRoles(prefix: world.registry.names.privatePrefix + "login")
        try await promise("no login is left: \(logins)", logins.isEmpty)
        let open = try await world.store.history.tasks(statuses: [.pending, .running]).elements
        try await promise("no task stays running: \(open.map(\.planned.action))", open.isEmpty)
    }

    /// Works until nothing is due, and once more after a death, as a process that is started again.
    private func settle() async throws {
        try await world.wake()
        do {
            try await world.engine(failpoints: failpoints).drain(limit: 200)
        } catch is SimulatedCrash {
            counter.count()
            try await world.store.queue.expireLeases(heldBy: "one")
            try await world.engine(failpoints: failpoints, worker: "two").drain(limit: 200)
            try await world.wake()
            try await world.engine(failpoints: failpoints, worker: "two").drain(limit: 200)
        }
        let leftovers = try await world.leftovers()
        try await promise("no orphan is left: \(leftovers)", leftovers.isEmpty)
    }

    private func expectVerdict(_ verdict: Verdict, on revision: ObjectID) async throws {
        let report = try await world.verdict(revision, of: "1")
        try await promise("\(verdict) on \(revision), found \(String(describing: report))", report?.verdict == verdict)
        let twice = try await world.writtenTwice(on: revision, of: "1")
        try await promise("nothing is written twice: \(twice)", twice.isEmpty)
    }

    private func expectTold(_ reason: String, _ vote: String, on revision: ObjectID) async throws {
        let events = try await world.store.events.list(of: GateKey.candidate("1", of: GateWorld.registryName)).elements
        let told = events.filter { $0.reason == reason && $0.message == "\(vote) on \(revision.abbreviated)" }
        let all = events.map { "\($0.reason): \($0.message)" }
        try await promise("\(reason) is told once: \(all)", told.map(\.count) == [1])
    }

    private func expect(tables: [String], showing revision: ObjectID) async throws {
        let found = try await world.tables("1")
        try await promise("the tables are \(tables), not \(found)", found == tables)
        let status = try await world.status("1")
        try await promise("the status says whose tables they are", status?.shows == revision)
        let name = world.registry.names.published("1")
        let connection = try await PostgresConnection.open(world.postgres.configuration.with(database: name))
        let rows = try await connection.query("SELECT id FROM public.databasechangelog ORDER BY orderexecuted")
        let changeSets = try rows.map { try $0.string("id") }
        await connection.close()
        try await promise("each changeset was applied once: \(changeSets)", changeSets == ["parcel", "a"])
    }

    private func promise(_ text: String, _ isKept: Bool) async throws {
        guard isKept else { throw Broken(promise: text) }
    }
}
