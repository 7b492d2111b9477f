import DesiredState
import Diagnostics
import Foundation
import GitClient
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import Testing

@testable import ReleasePromotion

@Suite("Watching a release")
struct ReleaseProgressTests {
    @Test("G11: while a batch is being merged, the status shows each branch as it comes")
    func asItComes() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02", "zone03"], parallel: 1) { world in
            let batches = [["zone01", "zone02", "zone03"]]
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let shown = NIOLockedValueBox<[[TargetResult]]>([])
            let states = NIOLockedValueBox<[BatchState]>([])
            for zone in batches[0] {
                world.interfere(on: zone) {
                    let step = try #require(try await world.status("rel1").steps.last)
                    shown.withLockedValue { $0.append(step.targets.map(\.result)) }
                    states.withLockedValue { $0.append(step.state) }
                }
            }
            let done = try await world.release("rel1", batches: batches)
            #expect(
                shown.withLockedValue(\.self) == [
                    [.waiting, .waiting, .waiting], [.merged, .waiting, .waiting], [.merged, .merged, .waiting],
                ])
            #expect(states.withLockedValue(\.self) == [.waiting, .releasing, .releasing])
            #expect(done.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])
        }
    }

    @Test("A release cannot be cancelled while it is being merged, once one branch has it")
    func cancelled() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"], parallel: 1) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let rules = world.rules
            let spec = try await world.spec("rel1", to: .complete, batches: [["zone01"], ["zone02"]])
            let refusal = NIOLockedValueBox<SluiceError?>(nil)
            // Of one batch, the second branch is about to be merged.
            world.interfere(on: "zone02") {
                let status = try await world.status("rel1")
                do throws(SluiceError) {
                    _ = try ReleaseDesk.decide(.cancel, by: "bob", on: spec, rules, status: status, at: .now)
                } catch { refusal.withLockedValue { $0 = error } }
            }
            try await world.release("rel1", batches: [["zone01", "zone02"]])
            #expect(refusal.withLockedValue(\.self)?.code == "release.still-merged")
            #expect(refusal.withLockedValue(\.self)?.message.contains("zone01") == true)
        }
    }

    @Test(
        "A refused merge is one event, and whoever takes over from a process that died then does not try it again unasked"
    )
    func refused() async throws {
        try await ReleaseWorld.with(zones: ["zone01"], parallel: 1) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let tries = NIOLockedValueBox(0)
            let refuse: @Sendable () async throws -> Void = {
                tries.withLockedValue { $0 += 1 }
                throw SluiceError("forge.merge-refused", .stalled, "a rule forbids it")
            }
            world.interfere(on: "zone01", refuse)
            let spec = try await world.spec("rel1", to: .complete, batches: [["zone01"]])
            let failpoints = ScriptedFailpoints(crashAt: "before:end", occurrence: 3)
            _ = try? await world.want("rel1", spec, failpoints: failpoints)
            try await world.store.queue.expireLeases(heldBy: "one")
            world.interfere(on: "zone01", refuse)
            for _ in 0..<2 { try await world.want("rel1", spec, worker: "two") }
            #expect(tries.withLockedValue(\.self) == 1)
            #expect(try await world.status("rel1").steps.last?.targets.first?.failure?.contains("a rule") == true)
            #expect(try await world.stall("rel1") == "MergeFailed")
        }
    }

    @Test("G20: what a release is refused for is a task of a run and an event, once for each reason")
    func refusals() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let batches = [["zone01"]]
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            for _ in 0..<2 { try await world.release("rel1", batches: batches) { $0.requestedBy = "mallory" } }
            for _ in 0..<2 { try await world.release("rel1", batches: batches) { $0.approvals = [] } }
            let tasks = try await world.store.history.tasks().elements.filter { $0.planned.action == "release.refuse" }
            #expect(tasks.map(\.planned.target) == ["complete", "complete"])
            #expect(tasks.allSatisfy { $0.status == .skipped })
            let reasons = tasks.reversed().map { $0.planned.details["reason"]?.string ?? "" }
            #expect(reasons.first?.hasPrefix("mallory asked for it") == true)
            #expect(reasons.last?.hasPrefix("0 of 1 approvals") == true)
            #expect(try await world.events("NotAnOperator") == 1)
            #expect(try await world.events("NotApproved") == 1)
        }
    }

    @Test("Each word of a person is one event, however often it is looked at")
    func told() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let batches = [["zone01"]]
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            for _ in 0..<2 { try await world.release("rel1", to: .draft, batches: batches) }
            #expect(try await world.events("Approved") == 1)
            #expect(try await world.events("Asked") == 0)
            for _ in 0..<2 { try await world.release("rel1", to: .stage("uat"), batches: batches) }
            // Each asking at the desk counts as an attempt, the first for a target is none again.
            for attempt in 2...3 { try await world.release("rel1", batches: batches) { $0.attempt = attempt } }
            // For uat, for all, and once more.
            #expect(try await world.events("Asked") == 3)
            #expect(try await world.events("Approved") == 1)
            #expect(try await world.events("Promoted") == 3)
        }
    }

    @Test("What a branch is refused for stands beside what the others got, and only a look says that a step is through")
    func recorded() throws {
        let id = try ObjectID(String(repeating: "1", count: 40))
        var status = try ReleasePlanTests.status(.complete, merged: 2)
        func record(_ kind: ShortLivedKind, _ branch: String, _ outcome: TaskOutcome) -> Bool {
            status.record(merge(kind, branch), outcome)
        }
        func merge(_ kind: ShortLivedKind, _ branch: String) -> ReleaseAction {
            .merge(BranchMerge(kind, into: branch, at: id, commit: id, result: id))
        }
        #expect(status.steps[2].targets.map(\.result) == [.waiting, .waiting])
        #expect(record(.promo, "zone01", .done()))
        #expect(status.steps[2].targets.map(\.result) == [.merged, .waiting] && status.steps[2].state == .releasing)
        #expect(record(.promo, "zone02", .failed(SluiceError("forge.merge-refused", .stalled, "a rule"))))
        #expect(status.steps[2].targets.map(\.result) == [.merged, .failed] && status.steps[2].state == .failed)
        #expect(status.steps[2].word == "failed" && status.steps[2].targets[1].failure?.contains("a rule") == true)
        #expect(!record(.promo, "zone03", .failed(SluiceError("forge.busy", .transient, "later"))))
        #expect(record(.revert, "zone01", .done()))
        #expect(status.steps[2].targets[0].result == .reverted && status.steps[2].state == .failed)
        #expect(!record(.promo, "elsewhere", .done()))
        #expect(record(.revert, "production", .failed(SluiceError("forge.merge-refused", .stalled, "a rule"))))
        #expect(status.steps[1].state == .rollbackFailed && status.steps[1].rollbackFailure == .total)
    }
}
