import DesiredState
import Forges
import GitClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import ConfigRepository

@Suite("A controller that dies over a config repository") struct ConfigCrashTests {
    static let points =
        ["after:claim", "recorded:plan"]
        + ["configuration.apply", "configuration.report-result", "configuration.judge"].flatMap {
            ["before:\($0)", "after:\($0)", "recorded:\($0)"]
        } + ["before:end", "recorded:end"]

    @Test(
        "F-01: killed at any point, the next process has the commit in force once, with one record and one verdict",
        arguments: points)
    func everyPoint(_ point: String) async throws {
        try await ConfigWorld.with { world in
            let head = try await world.push(["note.txt": "x"])
            let candidate = try await world.push(
                ["water.yaml": ConfigWorld.registry("water")], to: "candidate/7", from: head)
            try await world.reconciler().remember()
            try await world.store.queue.enqueue(EnqueueRequest(ConfigWorld.key, lane: .observe, reason: "test"))
            let dying = world.engine(try world.reconciler(), failpoints: ScriptedFailpoints(crashAt: point))
            await #expect(throws: SimulatedCrash(at: point)) { try await dying.drain() }
            // Before the change everything is as it was, after it everything is there: nothing in between.
            #expect([0, 3].contains(try await world.inForce().count))

            try await world.store.queue.expireLeases(heldBy: "one")
            try await world.engine(try world.reconciler(), worker: "two").drain()
            try await world.pass(try world.reconciler())
            #expect(
                try await world.changes() == [
                    "created DatabaseServer/main, created Forge/local, created Registry/land"
                ])
            #expect(try await world.said()?.reason == "InForce")
            let statuses = try await world.forge.statuses(on: head, project: try ProjectRef("config"))
            #expect(statuses.map(\.state) == [.success])
            let note = try await world.repository.git("notes", "--ref=verified", "show", candidate.hex)
            #expect(note.split(separator: "\n").count { $0.hasPrefix("Verified: +1") } == 1)
            #expect(try await world.repository.git("rev-list", "--count", "refs/notes/verified") == "1")
            #expect(try await world.store.history.runs(statuses: [.running]).elements.isEmpty)
        }
    }
}
