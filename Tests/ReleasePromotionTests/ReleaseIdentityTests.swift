import DesiredState
import GitClient
import Testing

@testable import ReleasePromotion

@Suite("A release is told from others")
struct ReleaseIdentityTests {
    private static let batches = [["zone01"]]

    @Test("also from an earlier one of its name: that is neither taken for it nor taken back with it")
    func sameName() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "hotfix")
            try await world.release("hotfix", batches: Self.batches)
            try await world.forget("hotfix")
            try await world.delete("hotfix")
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "hotfix")
            let before = try await world.head("zone01")
            let again = try await world.release("hotfix", batches: Self.batches)
            #expect(try await world.stall("hotfix") == "NameUsed")
            #expect(again.steps.map(\.state.rawValue) == [0, 0, 0])
            try await world.release("hotfix", to: .rolledBack, batches: Self.batches)
            #expect(try await world.stall("hotfix") == "NothingToRollBack")
            #expect(try await world.head("zone01") == before)
        }
    }

    @Test("also from one that has released the same source")
    func sameSource() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: Self.batches)
            let twin = try await world.spec("rel1", to: .complete, batches: Self.batches)
            let status = try await world.want("twin", twin)
            #expect(try await world.stall("twin") == "NothingToRelease")
            #expect(status.steps.map(\.state.rawValue) == [0, 0, 0])
            try await world.want("twin", try await world.spec("rel1", to: .rolledBack, batches: Self.batches))
            #expect(try await world.stall("twin") == "NothingToRollBack")
            #expect(try await world.pins("zone01")[Puppetfile.edge] == Pin.pC5)
        }
    }

    @Test("and a merge by hand that only carries its name is not taken for its own")
    func forgedMark() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.commit(["data/other.yaml": "---\na: 1\n"], on: "other")
            let (ours, theirs) = (try await world.head("uat"), try await world.head("other"))
            let merge = try await world.mirror.mergeCommit(
                of: ours, with: theirs, message: "Merge\n\nSluice-Release: puppet/rel1\n",
                by: try await world.mirror.commit(theirs).author)
            try await world.mirror.update([ReferenceUpdate(try .branch("uat"), from: ours, to: merge)])
            try await world.release("rel1", batches: Self.batches)
            #expect(try await world.stall("rel1") == "NameUsed")
            try await world.release("rel1", to: .rolledBack, batches: Self.batches)
            #expect(try await world.stall("rel1") == "NothingToRollBack")
            #expect(try await world.head("uat") == merge)
        }
    }

    @Test("A stage that was set back hides no release: nothing is merged again unasked, and it is taken back elsewhere")
    func stageSetBack() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let first = try await world.head("uat")
            let before = try await world.tree("zone01")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: Self.batches)
            try await world.force("uat", to: first)
            let status = try await world.release("rel1", batches: Self.batches)
            #expect(try await world.stall("rel1") == "SetBack")
            #expect(status.steps.map { $0.targets[0].result } == [.waiting, .merged, .merged])
            #expect(try await world.head("uat") == first)
            try await world.release("rel1", to: .cancelled, batches: Self.batches)
            #expect(try await world.stall("rel1") == "StillMerged")
            let back = try await world.release("rel1", to: .rolledBack, batches: Self.batches)
            #expect(back.steps.dropFirst().map(\.state) == [.rolledBack, .rolledBack])
            for branch in ["production", "zone01"] { #expect(try await world.tree(branch) == before, "\(branch)") }
            #expect(try await world.head("uat") == first)
        }
    }

    @Test("A release that its stage lost does not come back along with the next one unless somebody accepts that")
    func passenger() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let first = try await world.head("uat")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("uat"), batches: Self.batches)
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "rel2")
            try await world.force("uat", to: first)
            let held = try await world.release("rel2", to: .stage("uat"), batches: Self.batches)
            #expect(try await world.stall("rel2") == "RehearsalFailed")
            #expect(
                try await world.message("rel2").contains("uat would get something else along with the release (rel1)"))
            let target = try #require(held.steps.first?.targets.first)
            #expect(target.verdict == .stowaway)
            let tree = try #require(target.tree)
            let done = try await world.release("rel2", to: .stage("uat"), batches: Self.batches) { request in
                request.accepted = [AcceptedResult(branch: "uat", tree: tree, by: ReleaseWorld.approver)]
            }
            #expect(done.steps.map(\.state.rawValue) == [3, 0, 0])
        }
    }

    @Test("A stage that was made anew from the next one does not change what is released")
    func stageMadeAnew() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let source = try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("production"), batches: Self.batches)
            try await world.force("uat", to: try await world.head("production"))
            let status = try await world.release("rel1", batches: Self.batches)
            #expect(status.commit == source.hex)
            #expect(status.steps.map(\.state.rawValue) == [3, 3, 3])
            let back = try await world.release("rel1", to: .rolledBack, batches: Self.batches)
            #expect(back.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
        }
    }

    @Test("What somebody merges by hand into the first stage, and deletes with it, is the release still")
    func mergedAndDeleted() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let approved = [ReleaseApproval(by: ReleaseWorld.approver, tree: try await world.tree("rel1").hex)]
            try await world.release("rel1", to: .draft, batches: Self.batches)
            try await world.merge(try await world.head("rel1"), into: "uat")
            try await world.delete("rel1")
            let released = try await world.release("rel1", batches: Self.batches) { $0.approvals = approved }
            #expect(released.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])
            let back = try await world.release("rel1", to: .rolledBack, batches: Self.batches)
            #expect(back.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
        }
    }

    @Test("What somebody merges by hand into the first stage does not become another release when the source goes on")
    func mergedAndMoved() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .draft, batches: Self.batches)
            try await world.merge(try await world.head("rel1"), into: "uat")
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel1")
            let held = try await world.release("rel1", batches: Self.batches)
            #expect(held.steps.map(\.state) == [.succeeded, .waiting, .waiting])
            #expect(try await world.stall("rel1") == "SourceMoved")
        }
    }

    @Test("A branch that nobody has committed to yet is not taken for merged by what came into the stage after it")
    func emptySource() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.force("rel1", to: try await world.head("uat"))
            try await world.commit(["data/other.yaml": "---\na: 1\n"], on: "other")
            try await world.merge(try await world.head("other"), into: "uat")
            let empty = try await world.release("rel1", to: .draft, batches: Self.batches)
            #expect(empty.steps.map(\.state) == [.waiting, .waiting, .waiting])
            #expect(empty.steps.first?.targets.first?.merge == nil)
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.merge(try await world.head("uat"), into: "production")
            try await world.merge(try await world.head("production"), into: "zone01")
            let released = try await world.release("rel1", batches: Self.batches)
            #expect(released.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])
        }
    }

    @Test("A stage that is gone is not called taken back")
    func stageGone() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: Self.batches)
            try await world.delete("production")
            let back = try await world.release("rel1", to: .rolledBack, batches: Self.batches)
            #expect(back.steps.map { $0.targets[0].result } == [.reverted, .noTarget, .reverted])
            #expect(try await world.stall("rel1") == "NotReverted")
        }
    }

    @Test("A description cannot speak for Sluice, nor command the code host")
    func description() {
        let text = "Why\r\nSluice-Release: puppet/other\n  Sluice-Rollback: puppet/other\n/target_branch x\na/b"
        #expect(
            ReleaseMessage.harmless(text)
                == "Why\n> Sluice-Release: puppet/other\n>   Sluice-Rollback: puppet/other\n> /target_branch x\na/b")
    }
}
