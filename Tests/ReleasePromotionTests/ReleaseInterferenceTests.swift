import DesiredState
import Diagnostics
import Forges
import GitClient
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("Somebody comes in between")
struct ReleaseInterferenceTests {
    @Test("A push between rehearsal and merge stops the release: the result is not the one that was rehearsed")
    func pushed() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            let batches = [["zone01"], ["zone02"]]
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            world.interfere(on: "zone01") {
                try await world.commit(["data/zone01.yaml": "---\na: 1\n"], on: "zone01")
            }
            for _ in 0..<2 {
                let stopped = try await world.release("rel1", batches: batches)
                #expect(stopped.steps.map(\.state.rawValue) == [3, 3, 2, 0])
                #expect(stopped.steps[2].targets[0].result == .merged)
                #expect(try await world.stall("rel1") == "MergeFailed")
                #expect(try await world.message("rel1").contains("was pushed to between the rehearsal and the merge"))
            }
            #expect(try await world.events("MergeFailed") == 1, "it is told once")
            let done = try await world.release("rel1", batches: batches) { $0.attempt = 1 }
            #expect(done.steps.map(\.state.rawValue) == [3, 3, 3, 3])
        }
    }

    @Test(
        "Who takes over from a process that died in the merge sees what came in between, on the last branch as on the first",
        arguments: ["uat", "zone01"], ["after:request.merge", "after:branch.promote"])
    func pushedAndKilled(branch: String, point: String) async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            world.interfere(on: branch) { try await world.commit(["data/new.yaml": "---\na: 1\n"], on: branch) }
            let spec = try await world.spec("rel1", to: .complete, batches: [["zone01"]])
            let failpoints = ScriptedFailpoints(crashAt: point, occurrence: branch == "uat" ? 1 : 3)
            await #expect(throws: SimulatedCrash.self) {
                try await world.want("rel1", spec, failpoints: failpoints)
            }
            try await world.store.queue.expireLeases(heldBy: "one")
            for _ in 0..<2 {
                try await world.want("rel1", spec, worker: "two")
                #expect(try await world.stall("rel1") == "MergeFailed")
                #expect(try await world.message("rel1").contains("was pushed to between the rehearsal and the merge"))
            }
            #expect(try await world.events("MergeFailed") == 1, "it is told once")
            let done = try await world.release("rel1", batches: [["zone01"]]) { $0.attempt = 1 }
            #expect(done.begun == nil)
            // What came into the first stage by hand is not carried on with the release.
            #expect(done.steps.map(\.state.rawValue) == (branch == "uat" ? [3, 0, 0] : [3, 3, 3]))
            #expect(try await world.stall("rel1") == (branch == "uat" ? "RehearsalFailed" : nil))
        }
    }

    @Test("Where files are moved the code host finds out first; one that never does is asked to merge")
    func movedFiles() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02", "zone03"]) { world in
            let batches = [["zone01", "zone02", "zone03"]]
            let manifest = (1...20).map { "# line \($0)\n" }.joined()
            try await world.commit(["site/a.pp": manifest], on: "rel1")
            world.mergeability.withLockedValue { $0 = ["zone01": [.checking, .conflicting]] }
            try await world.release("rel1", batches: batches)
            #expect(
                try await world.stall("rel1") == nil && world.pauses.withLockedValue(\.self) == 0, "nothing is moved")

            try await world.commit(["site/a.pp": nil, "site/b.pp": manifest], on: "rel2")
            world.mergeability.withLockedValue {
                $0 = [
                    "zone01": [.checking, .mergeable], "zone02": [.checking, .checking, .conflicting],
                    "zone03": [.checking],
                ]
            }
            let status = try await world.release("rel2", batches: batches)
            #expect(status.steps.last?.targets.map(\.result) == [.merged, .failed, .merged])
            #expect(
                status.steps.last?.targets[1].failure?.contains("finds a conflict that the rehearsal did not") == true)
            #expect(world.pauses.withLockedValue(\.self) == 1 + 2 + 10)
        }
    }

    @Test("Two replicas never merge into one branch at once: the second looks again when the first is through")
    func replicas() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.commit(["data/new.yaml": "---\na: 1\n"], on: "rel2")
            let second = try await world.spec("rel2", to: .stage("uat"), batches: [])
            world.interfere(on: "uat") {
                let head = try await world.head("uat")
                try await world.want("rel2", second, worker: "two")
                #expect(try await world.message("rel2").contains("another release is being merged into uat"))
                #expect(try await world.head("uat") == head)
            }
            let first = try await world.release("rel1", to: .stage("uat"), batches: [])
            #expect(first.steps.first?.state.rawValue == 3)
            let after = try await world.want("rel2", second, worker: "two")
            #expect(after.steps.first?.state.rawValue == 3)
            #expect(try await world.events("MergeFailed") == 0)
        }
    }

    @Test("Only the very merge that was rehearsed counts, wherever the branch stands by now")
    func proof() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            let head = try await world.head("uat")
            let commit = try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let tree = try await world.mirror.commit(commit).tree
            let merge = BranchMerge(.promo, into: "uat", at: head, commit: commit, result: tree)
            func proof(_ merge: BranchMerge, isDone: Bool = true) async throws -> MergeProof {
                let head = try await world.head("uat")
                return try await world.mirror.speculate {
                    try MergeProof(of: BegunMerge(merge, isDone: isDone), on: head, in: $0)
                }
            }
            func difference(_ merge: BranchMerge) async throws -> String? {
                if case .differs(let words) = try await proof(merge) { words } else { nil }
            }
            #expect(try await proof(merge, isDone: false) == .open)
            #expect(try await difference(merge)?.hasSuffix("has no such merge") == true)
            // What this machine has never seen is on no branch.
            var unknown = merge
            unknown.commit = try ObjectID(String(repeating: "1", count: 40))
            unknown.head = try ObjectID(String(repeating: "2", count: 40))
            #expect(try await proof(unknown, isDone: false) == .open)
            // A host that is set to fast-forward.
            try await world.force("uat", to: commit)
            #expect(try await difference(merge)?.hasPrefix("the code host made no merge commit") == true)
            try await world.force("uat", to: head)
            try await world.merge(commit, into: "uat")
            #expect(try await proof(merge) == .rehearsed)
            try await world.commit(["note": "later"], on: "uat")
            #expect(try await proof(merge) == .rehearsed)
            var other = merge
            other.result = try await world.mirror.commit(head).tree
            #expect(try await difference(other)?.hasSuffix("holds another tree than was rehearsed") == true)
        }
    }

    @Test("What was slipped into a merge holds the release up until it is taken out, or accepted as it is")
    func altered() async throws {
        for isAccepted in [false, true] {
            try await ReleaseWorld.with(zones: ["zone01"]) { world in
                try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
                try await world.release("rel1", to: .stage("uat"), batches: [["zone01"]])
                let tree = try await world.mirror.makeTree(
                    try await world.tree("uat"), changing: ["data/evil.yaml": Array("---\na: 1\n".utf8)])
                try await world.merge(try await world.head("uat"), into: "production", tree: tree)
                let held = try await world.release("rel1", batches: [["zone01"]])
                #expect(try await world.stall("rel1") == "MergeAltered")
                let target = try #require(held.steps[1].targets.first)
                #expect(target.isAltered == true && target.tree == tree.hex)
                if !isAccepted { try await world.commit(["data/evil.yaml": nil], on: "production") }
                let done = try await world.release("rel1", batches: [["zone01"]]) { request in
                    guard isAccepted else { return }
                    request.accepted = [AcceptedResult(branch: "production", tree: tree.hex, by: ReleaseWorld.approver)]
                }
                #expect(done.steps.map(\.state.rawValue) == [3, 3, 3], "accepted: \(isAccepted)")
            }
        }
    }

    @Test("A file that moves excuses nothing that is slipped into another")
    func moved() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            let text = "---\nntp::servers:\n  - 192.0.2.1\n"
            try await world.commit(["data/common.yaml": nil, "data/moved.yaml": text], on: "rel1")
            try await world.release("rel1", to: .stage("uat"), batches: [["zone01"]])
            let tree = try await world.mirror.makeTree(
                try await world.tree("uat"), changing: ["data/evil.yaml": Array("---\na: 1\n".utf8)])
            try await world.merge(try await world.head("uat"), into: "production", tree: tree)
            try await world.release("rel1", batches: [["zone01"]])
            #expect(try await world.stall("rel1") == "MergeAltered")
        }
    }

    @Test("A later release that sets the same lines is a forward fix: the earlier one lost nothing")
    func forwardFix() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: [["zone01"]])
            try await world.pin(Puppetfile.edge, to: Pin.p60, on: "rel2")
            try await world.release("rel2", batches: [["zone01"]])
            let first = try await world.release("rel1", batches: [["zone01"]])
            #expect(try await world.stall("rel1") == nil)
            #expect(first.steps.map(\.state.rawValue) == [3, 3, 3])
            // Undone by hand it is a loss.
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "rel3")
            try await world.release("rel3", batches: [["zone01"]])
            try await world.pin(Puppetfile.common, to: Pin.base, on: "zone01", message: "by hand")
            try await world.release("rel3", batches: [["zone01"]])
            #expect(try await world.stall("rel3") == "Undone")
        }
    }

    @Test("What was taken back and comes anew with another release is not brought again by somebody")
    func anew() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: [["zone01"]])
            try await world.release("rel1", to: .rolledBack, batches: [["zone01"]])
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel2")
            try await world.release("rel2", batches: [["zone01"]])
            let first = try await world.release("rel1", to: .rolledBack, batches: [["zone01"]])
            #expect(try await world.stall("rel1") == nil)
            #expect(first.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
            try await world.release("rel1", to: .cancelled, batches: [["zone01"]])
            #expect(try await world.stall("rel1") == nil)
        }
    }
}

@Suite("A release is cancelled")
struct ReleaseCancellationTests {
    @Test("and its source stays when it has moved since anybody looked, or another release names it")
    func left() async throws {
        for isShared in [false, true] {
            try await ReleaseWorld.with(zones: []) { world in
                var world = world
                try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
                try await world.release("rel1", to: .draft, batches: [])
                if isShared {
                    world.sharedSources = ["rel1"]
                } else {
                    try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel1")
                }
                for _ in 0..<2 { try await world.release("rel1", to: .cancelled, batches: []) }
                #expect(try await world.stall("rel1") == nil)
                #expect(try await world.mirror.resolve(try .branch("rel1")) != nil)
            }
        }
    }

    @Test("also when its source is gone already; a branch that comes later under that name is left")
    func gone() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let spec = try await world.spec("rel1", to: .cancelled, batches: [])
            try await world.release("rel1", to: .draft, batches: [])
            let old = try await world.head("rel1")
            try await world.delete("rel1")
            let status = try await world.want("rel1", spec)
            #expect(status.isSourceDeleted)
            try await world.force("rel1", to: old)
            try await world.want("rel1", spec)
            #expect(try await world.mirror.resolve(try .branch("rel1")) == old)
        }
    }

    @Test("also a draft whose source has no commit of its own")
    func empty() async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.force("rel1", to: try await world.head("uat"))
            let draft = try await world.release("rel1", to: .draft, batches: [["zone01"]])
            #expect(draft.steps.map { $0.targets[0].result } == [.waiting, .waiting, .waiting])
            #expect(!draft.hasMerges)
            try await world.release("rel1", to: .cancelled, batches: [["zone01"]])
            #expect(try await world.mirror.resolve(try .branch("rel1")) == nil)
        }
    }
}
