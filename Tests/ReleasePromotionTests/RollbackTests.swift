import DesiredState
import Foundation
import GitClient
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

            let refused = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(try await world.stall("rel1") == "NewerFirst")
            #expect(refused.steps.last?.targets.first?.newer == ["rel3", "rel2"])
            #expect(try await world.pins("zone01")[Puppetfile.edge] == Pin.p2C)

            try await world.release("rel2", to: .rolledBack, batches: batches)
            #expect(try await world.stall("rel2") == nil)
            try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(try await world.stall("rel1") == nil)
            for branch in ["uat", "production", "zone01"] {
                #expect(try await world.pins(branch) == [Puppetfile.edge: Pin.p60, Puppetfile.common: Pin.p09])
            }
        }
    }
}
