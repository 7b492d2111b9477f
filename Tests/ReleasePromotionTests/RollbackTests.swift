import DesiredState
import Diagnostics
import Foundation
import GitClient
import NIOConcurrencyHelpers
import Testing

@testable import ReleasePromotion

@Suite("A release is rolled back")
struct RollbackTests {
    private static let zones = ["zone01", "zone02", "zone03", "zone04"]

    @Test(
        "in reverse order from every branch that has it, by either style, and the next release is clean without anybody's help",
        arguments: RollbackStyle.allCases)
    func whole(_ style: RollbackStyle) async throws {
        try await ReleaseWorld.with(zones: Self.zones + ["zone05"], rollback: style) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let batches = [["zone01", "zone02"], ["zone03", "zone04"], ["zone05"]]
            var before: [String: ObjectID] = [:]
            for branch in ["uat", "production"] + Self.zones { before[branch] = try await world.tree(branch) }
            try await world.release("rel1", to: .batch(2), batches: batches)
            let status = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(status.steps.map(\.state.rawValue) == [6, 6, 6, 6, 0])
            #expect(status.steps.prefix(4).flatMap(\.targets).allSatisfy { $0.result == .reverted })
            for (branch, tree) in before { #expect(try await world.tree(branch) == tree, "\(branch)") }
            #expect(try await world.stall("rel1") == nil)
            #expect(try await world.strays() == [])
            #expect(try await world.count(of: "branch.revert") == 6)
            #expect(try await world.count(of: "branch.sync") == (style == .sharedRevert ? 0 : 5))

            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel2")
            let next = try await world.release("rel2", batches: batches)
            #expect(next.steps.allSatisfy { $0.state == .succeeded })
            for branch in ["uat", "production", "zone05"] + Self.zones {
                #expect(try await world.pins(branch)[Puppetfile.edge] == Pin.p2C)
            }
        }
    }

    @Test("never when it was merged into nothing: it is not called rolled back")
    func nothing() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let status = try await world.release("rel1", to: .rolledBack, batches: [["zone01"]])
            #expect(try await world.stall("rel1") == "NothingToRollBack")
            #expect(status.steps.map(\.state.rawValue) == [0, 0, 0])
        }
    }

    @Test("by an operator, also when the window is over")
    func operators() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let now = world.now
            let window = ReleaseWindow(opens: now, closes: now.addingTimeInterval(7200))
            try await world.release("rel1", batches: []) { $0.window = window }
            world.set(clock: window.closes)
            try await world.release("rel1", to: .rolledBack, batches: []) {
                $0.window = window
                $0.requestedBy = "mallory"
            }
            #expect(try await world.stall("rel1") == "NotAnOperator")
            let status = try await world.release("rel1", to: .rolledBack, batches: []) { $0.window = window }
            #expect(status.steps.map(\.state.rawValue) == [6, 6])
        }
    }

    @Test(
        "and a step is called rolled back only when every branch is: one on which the code host refuses it has failed")
    func refused() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            let batches = [["zone01", "zone02"]]
            let refusal = SluiceError("forge.access-denied", .stalled, "a rule forbids it")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: batches)

            _ = world.refuse(on: "zone02", times: 1, with: refusal)
            let partial = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(partial.steps.map(\.state) == [.rollingBack, .rollingBack, .rollbackFailed])
            #expect(partial.steps.last?.rollbackFailure == .partial)
            #expect(partial.steps.last?.targets.map(\.result) == [.reverted, .merged])
            #expect(partial.steps.last?.targets.last?.failure?.contains("a rule forbids it") == true)
            #expect(try await world.stall("rel1") == "MergeFailed")

            // What is tried again is not called rolled back meanwhile, and a stage of its own fails as a whole.
            let shown = NIOLockedValueBox<[BatchState]>([])
            world.interfere(on: "zone02") {
                let states = try await world.status("rel1").steps.map(\.state)
                shown.withLockedValue { $0 = states }
                throw refusal
            }
            try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(shown.withLockedValue(\.self) == [.rollingBack, .rollingBack, .rollingBack])
            _ = world.refuse(on: "uat", times: 1, with: refusal)
            let total = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(total.steps.map(\.state) == [.rollbackFailed, .rolledBack, .rolledBack])
            #expect(total.steps.first?.rollbackFailure == .total)
            let back = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(back.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
        }
    }

    @Test("and then neither released again nor kept: it can only be cancelled, which deletes its source")
    func afterwards() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: [])
            try await world.release("rel1", to: .cancelled, batches: [])
            #expect(try await world.stall("rel1") == "StillMerged")
            #expect(try await world.mirror.resolve(try .branch("rel1")) != nil)
            try await world.release("rel1", to: .rolledBack, batches: [])
            try await world.release("rel1", batches: [])
            #expect(try await world.stall("rel1") == "WasRolledBack")
            try await world.release("rel1", to: .cancelled, batches: [])
            #expect(try await world.stall("rel1") == nil)
            #expect(try await world.mirror.resolve(try .branch("rel1")) == nil)
            // Somebody else's branch of the same name is left alone.
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel1")
            try await world.release("rel1", to: .cancelled, batches: [])
            #expect(try await world.mirror.resolve(try .branch("rel1")) != nil)
        }
    }

    @Test("and stays rolled back, whatever comes into the stage on which somebody had undone it by hand")
    func finished() async throws {
        try await ReleaseWorld.with(zones: ["zone01"], rollback: .revertAndSync) { world in
            let batches = [["zone01"]]
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: batches)
            try await world.revert(try await world.head("uat"), mainline: 1, on: "uat")
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "rel2")
            try await world.release("rel2", to: .stage("uat"), batches: batches)
            let back = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(back.steps.flatMap(\.targets).map(\.result) == [.empty, .reverted, .reverted])
            #expect(try await world.reason("rel1") == "RolledBack")
            #expect(try await world.pins("production") == Puppetfile().pins, "only the undoing was carried on")

            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel3")
            for target in [ReleaseTarget.stage("production"), .complete] {
                for release in ["rel2", "rel3"] {
                    try await world.release(release, to: target, batches: batches)
                    #expect(try await world.stall(release) == nil)
                    let still = try await world.release("rel1", to: .rolledBack, batches: batches)
                    #expect(try await world.reason("rel1") == "RolledBack", "\(release) to \(target)")
                    #expect(still.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
                }
            }
        }
    }

    @Test("with the newer one first where both stand on the same lines, and in any order where they do not")
    func stacked() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let batches = [["zone01"]]
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: batches)
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel2")
            try await world.release("rel2", batches: batches)
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "rel3")
            try await world.release("rel3", batches: batches)
            try await world.pin(Puppetfile.edge, to: Pin.hot, on: "rel4")
            try await world.release("rel4", batches: batches)

            let refused = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(try await world.stall("rel1") == "NewerFirst")
            #expect(refused.steps.last?.targets.first?.newer == ["rel4", "rel2"], "rel3 is on a line of its own")
            #expect(try await world.pins("zone01")[Puppetfile.edge] == Pin.hot)

            try await world.release("rel4", to: .rolledBack, batches: batches)
            #expect(try await world.stall("rel4") == nil)
            let then = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(then.steps.last?.targets.first?.newer == ["rel2"])
            try await world.release("rel2", to: .rolledBack, batches: batches)
            #expect(try await world.stall("rel2") == nil)
            try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(try await world.stall("rel1") == nil)
            for branch in ["uat", "production", "zone01"] {
                #expect(try await world.pins(branch) == [Puppetfile.edge: Pin.p60, Puppetfile.common: Pin.p09])
            }
        }
    }

    @Test("and no release is named that does not stand on its lines, where somebody's own commit does")
    func otherLines() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let batches = [["zone01"]]
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: batches)
            try await world.commit(["data/common.yaml": "---\na: 1\n"], on: "rel2")
            try await world.release("rel2", batches: batches)
            try await world.pin(Puppetfile.edge, to: Pin.hot, on: "zone01", message: "hotfix")
            let refused = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(try await world.stall("rel1") == "NotReverted")
            #expect(refused.steps.last?.targets.map(\.result) == [.conflict])
            #expect(refused.steps.last?.targets.first?.newer == nil)
        }
    }
}
