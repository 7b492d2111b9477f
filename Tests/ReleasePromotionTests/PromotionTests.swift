import DesiredState
import Foundation
import GitClient
import Reconciliation
import Testing

@testable import ReleasePromotion

@Suite("A release is promoted")
struct PromotionTests {
    @Test("through the stages and batch after batch, and leaves nothing short-lived behind")
    func whole() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02", "zone03"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let status = try await world.release("rel1", batches: [["zone01", "zone02"], ["zone03"]])
            #expect(status.steps.map(\.state) == [.succeeded, .succeeded, .succeeded, .succeeded])
            for branch in ["uat", "production", "zone01", "zone02", "zone03"] {
                #expect(try await world.pins(branch)[Puppetfile.edge] == Pin.pC5)
            }
            #expect(try await world.strays() == [])
            #expect(try await world.stall("rel1") == nil)
            #expect(try await world.count(of: "branch.promote") == 5)
        }
    }

    @Test("only as far as its target says, and further when that is raised")
    func stepByStep() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let batches = [["zone01"], ["zone02"]]
            for (target, states) in [
                (ReleaseTarget.draft, [0, 0, 0, 0]), (.stage("uat"), [3, 0, 0, 0]),
                (.stage("production"), [3, 3, 0, 0]),
                (.batch(1), [3, 3, 3, 0]), (.complete, [3, 3, 3, 3]),
            ] {
                let status = try await world.release("rel1", to: target, batches: batches)
                #expect(status.steps.map(\.state.rawValue) == states, "\(target)")
            }
            try await world.release("rel1", to: .batch(1), batches: batches)
            #expect(try await world.stall("rel1") == "BeyondTarget")
        }
    }

    @Test("with what the rehearsal says of each branch before anything is merged: result, files and pins")
    func rehearsed() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let draft = try await world.release("rel1", to: .draft, batches: [["zone01"]])
            let targets = draft.steps.flatMap(\.targets)
            #expect(targets.map(\.verdict) == [.clean, .clean, .clean])
            #expect(targets.map(\.changes) == [["Puppetfile"], ["Puppetfile"], ["Puppetfile"]])
            #expect(
                targets.map(\.pins)
                    == Array(
                        repeating: [.init(module: Puppetfile.edge, old: Pin.p60, new: Pin.pC5)], count: 3))
            try await world.release("rel1", batches: [["zone01"]])
            for target in targets { #expect(try await world.tree(target.branch).hex == target.tree) }
        }
    }

    @Test("when it is approved, and again when its source has another tree")
    func approval() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let old = try await world.spec("rel1", to: .complete, batches: [])
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel1")
            try await world.want("rel1", old)
            #expect(try await world.stall("rel1") == "NotApproved")
            #expect(try await world.pins("uat")[Puppetfile.edge] == Pin.p60)
            try await world.release("rel1", batches: [])
            #expect(try await world.pins("production")[Puppetfile.edge] == Pin.p2C)
        }
    }

    @Test("when an operator asks, and nobody else")
    func operators() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            for person in [nil, "mallory"] {
                try await world.release("rel1", batches: []) { $0.requestedBy = person }
                #expect(try await world.stall("rel1") == "NotAnOperator")
            }
            try await world.release("rel1", batches: []) { $0.requestedBy = "BOB" }
            #expect(try await world.stall("rel1") == nil)
        }
    }

    @Test("in its window, or in an emergency that two people declare")
    func window() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let now = world.now
            let later = ReleaseWindow(
                opens: now.addingTimeInterval(3600), closes: now.addingTimeInterval(7200))
            let batches = [["zone01"], ["zone02"]]
            let early = try await world.release("rel1", batches: batches) { $0.window = later }
            #expect(early.steps.map(\.state.rawValue) == [0, 0, 0, 0])
            #expect(try await world.message("rel1").contains("its window to open at"))
            world.set(clock: later.opens)
            let inside = try await world.release("rel1", to: .batch(1), batches: batches) { $0.window = later }
            #expect(inside.steps.map(\.state.rawValue) == [3, 3, 3, 0])
            world.set(clock: later.closes)
            try await world.release("rel1", batches: batches) { $0.window = later }
            #expect(try await world.stall("rel1") == "WindowClosed")
            #expect(try await world.pins("zone02")[Puppetfile.edge] == Pin.p60)
            let urgent = try await world.release("rel1", batches: batches) {
                $0.window = later
                $0.emergency = ReleaseEmergency(confirmedBy: "carol", reason: "certificates run out")
            }
            #expect(urgent.steps.map(\.state.rawValue) == [3, 3, 3, 3])
        }
    }

    @Test(
        "and a batch that runs when the window closes is finished or stopped, as the rule of the repository says",
        arguments: [(WindowRules.Closing.finishBatch, 3), (.stop, 2)])
    func closing(_ rule: WindowRules.Closing, _ state: Int) async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"], windows: WindowRules(closing: rule), parallel: 1) {
            world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let now = world.now
            let window = ReleaseWindow(opens: now, closes: now.addingTimeInterval(7200))
            world.interfere(on: "zone01") { world.set(clock: window.closes) }
            let status = try await world.release("rel1", batches: [["zone01", "zone02"]]) { $0.window = window }
            #expect(status.steps.last?.state.rawValue == state)
            #expect(status.steps.last?.targets.map(\.result) == [.merged, state == 3 ? .merged : .failed])
        }
    }

    @Test("never when its source changes nothing, or was merged and taken back before")
    func nothing() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            try await world.force("rel1", to: try await world.head("uat"))
            try await world.release("rel1", batches: [])
            #expect(try await world.stall("rel1") == "NothingToRelease")
            try await world.commit(["note": "x"], on: "rel1")
            try await world.commit(["note": nil], on: "rel1")
            try await world.release("rel1", batches: [])
            #expect(try await world.stall("rel1") == "NothingToRelease")
        }
    }

    @Test("as what was approved, though the source moves on after the first merge: then it waits")
    func sourceMoved() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("uat"), batches: [])
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel1")
            try await world.release("rel1", batches: [])
            #expect(try await world.stall("rel1") == "SourceMoved")
            #expect(try await world.pins("production")[Puppetfile.edge] == Pin.p60)
        }
    }

    @Test("also when the forge deletes its source branch with the first merge")
    func sourceDeleted() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let spec = try await world.spec("rel1", to: .complete, batches: [["zone01"]])
            try await world.release("rel1", to: .stage("uat"), batches: [["zone01"]])
            try await world.delete("rel1")
            let status = try await world.want("rel1", spec)
            #expect(status.steps.map(\.state.rawValue) == [3, 3, 3])
        }
    }

    @Test("until somebody's merge turns out to hold more than its parents")
    func altered() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("uat"), batches: [["zone01"]])
            let merge = try await world.head("uat")
            var evil = Puppetfile()
            evil.pins[Puppetfile.edge] = Pin.hot
            let tree = try await world.mirror.makeTree(
                try await world.tree("production"), changing: ["Puppetfile": Array(evil.text.utf8)])
            try await world.merge(merge, into: "production", tree: tree)
            try await world.release("rel1", batches: [["zone01"]])
            #expect(try await world.stall("rel1") == "MergeAltered")
            #expect(try await world.pins("zone01")[Puppetfile.edge] == Pin.p60)
        }
    }
}
