import DesiredState
import Diagnostics
import Foundation
import GitClient
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("What a release has begun is looked at once more")
struct ReleaseDoubtTests {
    private static let batches = [["zone01", "zone02"]]

    @Test(
        "A branch that moved, and was then merged as rehearsed while another one failed, is not held against the release"
    )
    func noFalseDoubt() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"], parallel: 1) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            // Both times the code host is away when it comes to the second zone.
            let tries = world.refuse(
                on: "zone02", times: 2, with: SluiceError("forge.unavailable", .transient, "away"))
            // Somebody pushes to the first zone after the rehearsal, and before Sluice looks at the branch.
            let failpoints = ScriptedFailpoints { point, times in
                guard point == "before:branch.promote", times == 3 else { return }
                try await world.commit(["data/own.yaml": "---\na: 1\n"], on: "zone01")
            }
            let spec = try await world.spec("rel1", to: .complete, batches: Self.batches)
            let done = try await world.want("rel1", spec, failpoints: failpoints)
            #expect(tries.withLockedValue(\.self) == 2)
            #expect(done.steps.map(\.state.rawValue) == [3, 3, 3])
            #expect(try await world.events("MergeFailed") == 0)
            #expect(try await world.events("Promoted") == 4)
        }
    }

    @Test("What differs stops a release also when somebody asks for more of it while it is being merged")
    func askedMeanwhile() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let batches = [["zone01"], ["zone02"]]
            let more = try await world.spec("rel1", to: .complete, batches: batches) { $0.attempt = 2 }
            world.interfere(on: "zone01") {
                try await world.commit(["data/new.yaml": "---\na: 1\n"], on: "zone01")
                let key = ReleaseName(repository: ReleaseWorld.name, release: "rel1").key
                try await world.store.resources.store([DesiredResource(key, spec: ResourceSpec.release(more).json)])
            }
            let held = try await world.release("rel1", to: .batch(1), batches: batches)
            #expect(held.steps.map(\.state.rawValue) == [3, 3, 2, 0])
            #expect(try await world.stall("rel1") == "MergeFailed")
            let done = try await world.release("rel1", batches: batches) { $0.attempt = 3 }
            #expect(done.steps.map(\.state.rawValue) == [3, 3, 3, 3])
        }
    }

    @Test("and when the pass that would tell of it fails")
    func failedPass() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            world.interfere(on: "zone01") { try await world.commit(["data/new.yaml": "---\na: 1\n"], on: "zone01") }
            let spec = try await world.spec("rel1", to: .complete, batches: [["zone01"]])
            let failed = NIOLockedValueBox(0)
            let failpoints = ScriptedFailpoints { point, _ in
                guard point == "before:release.refuse" else { return }
                let isFirst = failed.withLockedValue { failed in
                    failed += 1
                    return failed == 1
                }
                if isFirst { throw SluiceError("state.unavailable", .transient, "away") }
            }
            try await world.want("rel1", spec, failpoints: failpoints)
            try await world.want("rel1", spec)
            #expect(failed.withLockedValue(\.self) > 0)
            #expect(try await world.stall("rel1") == "MergeFailed")
            #expect(try await world.message("rel1").contains("was pushed to between the rehearsal and the merge"))
        }
    }

    @Test("A release that is taken back after a death tells what came in between, and does not wait for anybody")
    func takenBackAfterDeath() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let before = try await world.pins("zone01")[Puppetfile.edge]
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            world.interfere(on: "zone01") { try await world.commit(["data/new.yaml": "---\na: 1\n"], on: "zone01") }
            let spec = try await world.spec("rel1", to: .complete, batches: [["zone01"]])
            await #expect(throws: SimulatedCrash.self) {
                try await world.want(
                    "rel1", spec, failpoints: ScriptedFailpoints(crashAt: "after:request.merge", occurrence: 3))
            }
            try await world.store.queue.expireLeases(heldBy: "one")
            let back = try await world.want(
                "rel1", try await world.spec("rel1", to: .rolledBack, batches: [["zone01"]]), worker: "two")
            #expect(back.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
            #expect(try await world.events("ResultDiffers") == 1)
            #expect(try await world.events("MergeFailed") == 0)
            #expect(try await world.pins("zone01")[Puppetfile.edge] == before)
        }
    }

    @Test("Each merge is told once, also when the process that made it died before it could", arguments: 1...3)
    func toldAfterDeath(occurrence: Int) async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let spec = try await world.spec("rel1", to: .complete, batches: [["zone01"]])
            await #expect(throws: SimulatedCrash.self) {
                try await world.want(
                    "rel1", spec,
                    failpoints: ScriptedFailpoints(crashAt: "after:branch.promote", occurrence: occurrence))
            }
            try await world.store.queue.expireLeases(heldBy: "one")
            let done = try await world.want("rel1", spec, worker: "two")
            #expect(done.steps.map(\.state.rawValue) == [3, 3, 3])
            #expect(done.begun == nil)
            #expect(try await world.events("Promoted") == 3)
        }
    }

    @Test("A short-lived branch that cannot be deleted is no refused merge")
    func untidy() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let tries = world.refuse(
                on: "promo_rel1_zone01", times: 3,
                with: SluiceError("forge.branch-protected", .stalled, "a rule protects it"))
            for _ in 0..<3 {
                let done = try await world.release("rel1", batches: [["zone01"]])
                #expect(done.steps.map(\.state.rawValue) == [3, 3, 3])
                #expect(try await world.reason("rel1") == "Released")
            }
            #expect(tries.withLockedValue(\.self) == 3)
            #expect(try await world.events("Promoted") == 3)
            #expect(try await world.events("MergeRefused") == 0)
            #expect(try await world.events("NotTidied") > 0)
            #expect(try await world.strays().isEmpty)
        }
    }

    @Test("A branch that was refused and then merged by hand is merged")
    func mergedByHand() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            world.interfere(on: "zone01") { throw SluiceError("forge.merge-refused", .stalled, "a rule forbids it") }
            try await world.release("rel1", batches: [["zone01"]])
            #expect(try await world.stall("rel1") == "MergeFailed")
            try await world.merge(try await world.head("production"), into: "zone01")
            let done = try await world.release("rel1", batches: [["zone01"]])
            #expect(done.steps.map(\.state.rawValue) == [3, 3, 3])
            #expect(try await world.reason("rel1") == "Released")
        }
    }
}

@Suite("A branch with another history")
struct UnrelatedBranchTests {
    @Test("is named, and neither keeps the release from being taken back elsewhere nor a draft from being cancelled")
    func orphan() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            let before = try await world.tree("zone01")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let batches = [["zone01"], ["zone02"]]
            try await world.release("rel1", to: .batch(1), batches: batches)
            let author = try await world.mirror.commit(try await world.head("rel1")).author
            let orphan = try await world.mirror.makeCommit(
                tree: before, parents: [], message: "Anew", by: author)
            try await world.force("zone02", to: orphan)
            let held = try await world.release("rel1", batches: batches)
            #expect(try await world.stall("rel1") == "RehearsalFailed")
            #expect(try await world.message("rel1").contains("zone02 has no commit in common with the release"))
            #expect(held.steps.last?.targets.first?.verdict == .unrelated)
            let back = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(back.steps.prefix(3).map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
            #expect(try await world.tree("zone01") == before)

            try await world.force("rel2", to: orphan)
            let draft = try await world.release("rel2", to: .draft, batches: [])
            #expect(draft.steps.first?.targets.first?.verdict == .unrelated)
            try await world.release("rel2", to: .cancelled, batches: [])
            #expect(try await world.reason("rel2") == "Cancelled")
        }
    }
}

@Suite("What holds a release up")
struct ReleaseObstacleTests {
    @Test("is a sentence that a condition has room for, however many branches it is about")
    func bounded() {
        let branches = (1...500).map { "zone\($0)" }
        let long = String(repeating: "x", count: 1000)
        let reasons = Dictionary(uniqueKeysWithValues: branches.map { ($0, long) })
        let obstacles: [ReleaseObstacle] = [
            .verdicts(branches.map { .init(branch: $0, verdict: .driftConflict, places: [long, long]) }),
            .mergesFailed(reasons), .notArrived(reasons), .branchesMissing(branches), .altered(branches),
            .newerFirst(Dictionary(uniqueKeysWithValues: branches.map { ($0, []) })),
        ]
        for obstacle in obstacles {
            #expect(obstacle.message.utf8.count <= 4096)
            #expect(obstacle.message.contains("and 492 more"))
        }
    }
}
