import DesiredState
import Diagnostics
import GitClient
import Testing

@testable import ReleasePromotion

/// The situations that were found by git alone, driven through Sluice: it comes to the same end, or refuses what must not
/// happen. `Scenarios/oracle.jsonl` says what git does.
@Suite("The scenarios of a control repository")
struct ScenarioTests {
    private static let two = [["zone01", "zone02"]]

    @Test("i: the incident of an un-synchronised rollback by hand is named before anything is merged, and not repeated")
    func incident() async throws {
        let oracle = try Oracle.read()
        try await ReleaseWorld.with(zones: []) { world in
            // 392 as it went: promoted, and taken back by hand on each branch, never merged on.
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "newbranch392")
            let into = try await world.merge(try await world.head("newbranch392"), into: "uat")
            let on = try await world.merge(try await world.head("uat"), into: "production")
            try await world.revert(on, mainline: 1, on: "production")
            try await world.revert(into, mainline: 1, on: "uat")

            // 393: into uat it would go; production would conflict. Sluice merges neither.
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "newbranch393")
            let status = try await world.release("newbranch393", batches: [])
            let targets = status.steps.flatMap(\.targets)
            #expect(targets.map(\.verdict) == [.clean, .unsyncedRevert])
            #expect(try oracle["i", "precheck", "expect"] == "sync_required")
            #expect(try oracle["i", "mr269", "merge"] == "CONFLICT")
            #expect(targets.last?.conflicts == [try oracle["i", "mr269", "file"]])
            let side = try #require(targets.last?.sides?.first)
            #expect(side.ours.contains(Pin.p60) && side.theirs.contains(Pin.p2C))
            #expect(try await world.stall("newbranch393") == "RehearsalFailed")
            for branch in ["uat", "production"] {
                #expect(Pin.name(try await world.pins(branch)[Puppetfile.edge]) == "P60", "nothing was merged")
            }
            try await expectLines(world, "newbranch393")

            // The cure that the verdict names: the revert is merged on.
            try await world.merge(try await world.head("uat"), into: "production")
            let cured = try await world.release("newbranch393", batches: [])
            #expect(cured.steps.map(\.state) == [.succeeded, .succeeded])

            // Two people commit straight on both branches: neither merge can be taken back as it was.
            try await world.pin(Puppetfile.edge, to: Pin.p60, on: "production", message: "manual: back to P60")
            try await world.pin(Puppetfile.edge, to: Pin.p09, on: "uat", message: "manual: P09")
            let back = try await world.release("newbranch393", to: .rolledBack, batches: [])
            #expect(try oracle["i", "revert_268_uat", "result"] == "CONFLICT")
            #expect(try oracle["i", "revert_271_production", "result"] == "EMPTY")
            #expect(back.steps.flatMap(\.targets).map(\.result) == [.conflict, .empty])
            #expect(back.steps.map(\.state) == [.rollbackFailed, .rolledBack])
        }
    }

    /// The rehearsal shows both sides of the conflict: what production really has, and what would come.
    private func expectLines(_ world: ReleaseWorld, _ source: String) async throws {
        let (head, target) = (try await world.head(source), try await world.head("production"))
        let uat = try await world.head("uat")
        let rehearsal = try await world.mirror.speculate { trial in
            try Rehearser(trial, pins: Puppetfile.pins).rehearse(
                head,
                over: Walk(stages: ["uat", "production"], batches: [], heads: ["uat": uat, "production": target]))
        }
        let hunk = try #require(rehearsal["production"]?.trial?.conflicts.first?.hunks.first)
        #expect(hunk.ours.contains(Pin.p60) && hunk.base.contains(Pin.pC5) && hunk.theirs.contains(Pin.p2C))
    }

    @Test("ii: what was merged and taken back is not lost when it is released again")
    func again() async throws {
        let oracle = try Oracle.read()
        try await ReleaseWorld.with(zones: []) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let into = try await world.merge(try await world.head("rel1"), into: "uat")
            let on = try await world.merge(into, into: "production")
            try await world.revert(on, mainline: 1, on: "production")
            try await world.revert(into, mainline: 1, on: "uat")

            // (a) the same branch once more
            try await world.release("rel1", batches: [])
            #expect(try oracle["ii", "same_branch_again", "merge"] == "NOTHING")
            #expect(try await world.stall("rel1") == "Undone")

            // (c) a new branch with the same content: uat takes it, production would silently lose it
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel2")
            let same = try await world.release("rel2", batches: [])
            #expect(try oracle["ii", "same_content_production", "silent_loss"] == "yes")
            #expect(same.steps.flatMap(\.targets).map(\.verdict) == [.clean, .silentLoss])

            // (d) other content
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel3")
            let other = try await world.release("rel3", batches: [])
            #expect(try oracle["ii", "other_content_production", "merge"] == "CONFLICT")
            #expect(other.steps.flatMap(\.targets).map(\.verdict) == [.clean, .unsyncedRevert])

            // (e) the old branch with one more commit: only that would arrive
            try await world.force("rel4", to: try await world.head("rel1"))
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "rel4")
            let partial = try await world.release("rel4", batches: [])
            #expect(try oracle["ii", "continue_old_branch", "partial_silent_loss"] == "yes")
            #expect(partial.steps.first?.targets.first?.verdict == .silentLoss)
            #expect(try await world.pins("uat") == Puppetfile().pins, "nothing was merged")

            // (f) the cure: the revert is merged on first
            try await world.merge(try await world.head("uat"), into: "production")
            let cured = try await world.release("rel2", batches: [])
            #expect(cured.steps.map(\.state) == [.succeeded, .succeeded])
            #expect(
                Pin.name(try await world.pins("production")[Puppetfile.edge])
                    == (try oracle["ii", "cure_sync_first", "production_pin"]))
        }
    }

    @Test("iii: the procedure of reverts and syncs leaves the next release clean on every zone, those to come included")
    func rollbackAndSync() async throws {
        let oracle = try Oracle.read()
        let (zones, later) = (["zone01", "zone02", "zone03", "zone04"], ["zone05", "zone06"])
        try await ReleaseWorld.with(zones: zones + later, rollback: .revertAndSync) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "newbranch392")
            try await world.release("newbranch392", to: .batch(1), batches: [zones, later])
            let status = try await world.release("newbranch392", to: .rolledBack, batches: [zones, later])
            #expect(status.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack, .waiting])
            let synced = try oracle["iii", "after_sync", "zones_synced"].split(separator: ",").count
            #expect(try await world.count(of: "branch.sync") == synced + 1, "production, and the zones that had it")
            try await world.release("newbranch392", to: .cancelled, batches: [zones, later])
            #expect(try await world.mirror.resolve(try .branch("newbranch392")) == nil)

            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "newbranch393")
            let next = try await world.release("newbranch393", batches: [zones, later])
            #expect(next.steps.allSatisfy { $0.state == .succeeded })
            for zone in zones + later {
                #expect(
                    Pin.name(try await world.pins(zone)[Puppetfile.edge]) == (try oracle["iii", "next_release", "pin"]))
                #expect(try await world.tree(zone) == world.tree("production"))
            }
        }
    }

    @Test(
        "iv: a hotfix in another file survives a clean release; one on the same pin is named before, on its zone alone")
    func hotfix() async throws {
        let oracle = try Oracle.read()
        let batches = [["zone01", "zone02", "zone03", "zone04"]]
        try await ReleaseWorld.with(zones: batches[0]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: batches)
            try await world.commit(["data/common.yaml": "---\nntp::servers:\n  - 198.51.100.7\n"], on: "zone02")
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel2")
            let second = try await world.release("rel2", batches: batches)
            #expect(second.steps.allSatisfy { $0.state == .succeeded })
            #expect(try oracle["iv", "drift_after_promotion", "tree_equal_production"] == "no")
            #expect(try await world.tree("zone02") != world.tree("production"))
            #expect(try await world.tree("zone01") == world.tree("production"))

            let hotfix = try await world.pin(Puppetfile.edge, to: Pin.hot, on: "zone02")
            try await world.pin(Puppetfile.edge, to: Pin.p09, on: "rel3")
            let third = try await world.release("rel3", batches: batches)
            #expect(try oracle["iv", "drift_same_pin", "zone02"] == "CONFLICT")
            #expect(third.steps.last?.targets.map(\.verdict) == [.clean, .driftConflict, .clean, .clean])
            #expect(try await world.stall("rel3") == "RehearsalFailed")
            #expect(try await world.pins("uat")[Puppetfile.edge] == Pin.p2C, "nothing was merged, not even into uat")

            try await world.revert(hotfix, on: "zone02")
            let cured = try await world.release("rel3", batches: batches)
            #expect(cured.steps.allSatisfy { $0.state == .succeeded })
        }
    }

    @Test("v: two releases at a time never ride along with each other, neither forward nor back")
    func concurrent() async throws {
        let oracle = try Oracle.read()
        try await ReleaseWorld.with(zones: []) { world in
            // The same pin: the second conflicts at uat, and is not merged there.
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "relA")
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "relB")
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "relC")
            try await world.release("relA", to: .stage("uat"), batches: [])
            let same = try await world.release("relB", batches: [])
            #expect(try oracle["v", "same_pin", "second"] == "CONFLICT")
            #expect(same.steps.first?.targets.first?.verdict == .driftConflict)

            // Different pins: C is in uat as well when A goes on, and stays there.
            try await world.release("relC", to: .stage("uat"), batches: [])
            try await world.release("relA", batches: [])
            #expect(try oracle["v", "promote_pinned_commit", "B"] == "not_released")
            #expect(
                try await world.pins("production") == [Puppetfile.edge: Pin.pC5, Puppetfile.common: Pin.base])

            // Taking A back leaves C where it is.
            try await world.release("relA", to: .rolledBack, batches: [])
            #expect(try oracle["v", "sync_by_revert_commit", "B"] == "not_released")
            #expect(try await world.pins("production") == Puppetfile().pins)
            #expect(try await world.pins("uat") == [Puppetfile.edge: Pin.p60, Puppetfile.common: Pin.p09])
        }
    }

    @Test("v: the later of two releases cannot go first without somebody's word, and never by a sync")
    func stowaway() async throws {
        let oracle = try Oracle.read()
        try await ReleaseWorld.with(zones: [], rollback: .revertAndSync) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "relA")
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "relB")
            try await world.release("relA", to: .stage("uat"), batches: [])
            try await world.release("relB", to: .stage("uat"), batches: [])
            let first = try await world.release("relB", batches: [])
            #expect(try oracle["v", "promote_later_first", "A"] == "released_unapproved")
            let production = try #require(first.steps.last?.targets.first)
            #expect(production.verdict == .stowaway)
            #expect(try await world.pins("production") == Puppetfile().pins)

            // A through, then taken back while B sits in uat: the sync would bring B along.
            try await world.release("relA", batches: [])
            try await world.release("relA", to: .rolledBack, batches: [])
            #expect(try oracle["v", "sync_carries_other_release", "B"] == "released_by_sync")
            #expect(try await world.stall("relA") == "SyncCarriesOthers")
            #expect(try await world.pins("production") == Puppetfile().pins)
        }
    }

    @Test("v: a result with something else in it is merged once somebody accepts exactly that result")
    func accepted() async throws {
        try await ReleaseWorld.with(zones: []) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "relA")
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "relB")
            try await world.release("relA", to: .stage("uat"), batches: [])
            let refused = try await world.release("relB", batches: [])
            #expect(refused.steps.last?.targets.first?.verdict == .stowaway)
            let tree = try #require(refused.steps.last?.targets.first?.tree)
            let wrong = try await world.tree("uat").hex == tree ? Pin.base : try await world.tree("uat").hex
            let otherwise = try await world.release("relB", batches: []) {
                $0.accepted = [AcceptedResult(branch: "production", tree: wrong, by: ReleaseWorld.approver)]
            }
            #expect(otherwise.steps.last?.state == .waiting)
            let accepted = try await world.release("relB", batches: []) {
                $0.accepted = [AcceptedResult(branch: "production", tree: tree, by: ReleaseWorld.approver)]
            }
            #expect(accepted.steps.map(\.state) == [.succeeded, .succeeded])
            #expect(try await world.tree("production").hex == tree)
        }
    }

    @Test(
        "v: what came to production along with another release goes on from there, with that one's merge and somebody's word"
    )
    func passenger() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            let (batchesA, batchesB) = ([["zone01"], ["zone02"]], [["zone01"]])
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "relA")
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "relB")
            try await world.release("relA", to: .stage("uat"), batches: batchesA)
            let shown = try await world.release("relB", batches: batchesB)
            let both = try #require(shown.steps[1].targets.first?.tree)
            let first = try await world.release("relB", batches: batchesB) {
                $0.accepted = [AcceptedResult(branch: "production", tree: both, by: ReleaseWorld.approver)]
            }
            #expect(first.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])

            // A is on production and zone01 by B's merge; zone02 would get B by it.
            let held = try await world.release("relA", batches: batchesA)
            #expect(held.steps.flatMap(\.targets).map(\.result) == [.merged, .present, .present, .waiting])
            #expect(held.steps.map(\.state) == [.succeeded, .succeeded, .succeeded, .waiting])
            #expect(held.steps.last?.targets.first?.verdict == .stowaway)
            #expect(try await world.stall("relA") == "RehearsalFailed")
            #expect(try await world.message("relA").contains("something else along with the release (relb)"))
            let tree = try #require(held.steps.last?.targets.first?.tree)
            let accepted = [AcceptedResult(branch: "zone02", tree: tree, by: ReleaseWorld.approver)]
            let done = try await world.release("relA", batches: batchesA) { $0.accepted = accepted }
            #expect(done.steps.flatMap(\.targets).map(\.result) == [.merged, .present, .present, .merged])
            #expect(try await world.reason("relA") == "Released")

            let back = try await world.release("relA", to: .rolledBack, batches: batchesA)
            #expect(back.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack, .rolledBack])
            for branch in ["uat", "production", "zone01", "zone02"] {
                #expect(try await world.pins(branch) == [Puppetfile.edge: Pin.p60, Puppetfile.common: Pin.p09])
            }
        }
    }

    @Test(
        "vi: a zone that is missing stops the release before anything is merged; wherever it is made, all can go back")
    func missing() async throws {
        let oracle = try Oracle.read()
        let batches = [["zone01", "zone02", "zone03", "zone04"]]
        try await ReleaseWorld.with(zones: ["zone01", "zone02", "zone04"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let before = try await world.head("production")
            try await world.release("rel1", batches: batches)
            #expect(try oracle["vi", "preflight", "expect"] == "refuse_before_merging_anything")
            #expect(try await world.stall("rel1") == "BranchMissing")
            #expect(try await world.message("rel1").contains(try oracle["vi", "preflight", "missing"]))
            #expect(try await world.pins("uat")[Puppetfile.edge] == Pin.p60)

            // Choice A: made where production was before the release.
            try await world.force("zone03", to: before)
            let done = try await world.release("rel1", batches: batches)
            #expect(done.steps.last?.targets.map(\.result) == [.merged, .merged, .merged, .merged])
            #expect(try await world.tree("zone03") == world.tree("production"))

            // Choice B: made where production is now. Nothing is to be merged, and still it can be taken back.
            try await world.force("zone05", to: try await world.head("production"))
            let more = batches + [["zone05"]]
            let present = try await world.release("rel1", batches: more)
            #expect(present.steps.last?.targets.map(\.result) == [.present])
            #expect(try oracle["vi", "create_at_head", "rollback"] == "revert_of_production_merge")
            let back = try await world.release("rel1", to: .rolledBack, batches: more)
            #expect(back.steps.allSatisfy { $0.state == .rolledBack })
            for zone in more.flatMap(\.self) { #expect(try await world.pins(zone)[Puppetfile.edge] == Pin.p60) }
        }
    }

    @Test(
        "vii: a conflict in the second of three batches is told before the first; one that comes meanwhile stops there")
    func batchConflict() async throws {
        let oracle = try Oracle.read()
        let batches = [["zone01", "zone02"], ["zone03", "zone04"], ["zone05", "zone06"]]
        try await ReleaseWorld.with(zones: batches.flatMap(\.self)) { world in
            let early = try await world.pin(Puppetfile.edge, to: Pin.hot, on: "zone04")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let refused = try await world.release("rel1", batches: batches)
            #expect(
                refused.steps.flatMap(\.targets).filter { $0.verdict == .driftConflict }.map(\.branch)
                    == [try oracle["vii", "preflight", "conflicts"]])
            #expect(refused.steps.allSatisfy { $0.state == .waiting })
            try await world.revert(early, on: "zone04")

            // The hotfix comes back while batch 2 is being merged.
            world.interfere(on: "zone04") { try await world.pin(Puppetfile.edge, to: Pin.hot, on: "zone04") }
            let stopped = try await world.release("rel1", batches: batches)
            let states = stopped.steps.dropFirst(2).map { String($0.state.rawValue) }
            #expect(
                states == (try ["batch1", "batch2", "batch3"].map { try oracle["vii", "stopped", $0] }))
            #expect(stopped.steps[3].targets.map(\.result) == [.merged, .failed])
            #expect(try await world.pins("zone05")[Puppetfile.edge] == Pin.p60)

            // Way out 2: all of it back; zone04 was never merged and keeps its hotfix.
            let back = try await world.release("rel1", to: .rolledBack, batches: batches)
            #expect(back.steps.map(\.state.rawValue) == [6, 6, 6, 6, 0])
            #expect(try await world.pins("zone04")[Puppetfile.edge] == Pin.hot)
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel2")
            let next = try await world.release("rel2", to: .draft, batches: batches)
            #expect(
                next.steps.flatMap(\.targets).filter { $0.verdict != .clean }.map(\.branch) == ["zone04"],
                "the next release is clean on all but zone04")
        }
    }

    @Test("vii: a batch that failed is finished once its conflict is gone, and what was merged is not merged again")
    func retry() async throws {
        let oracle = try Oracle.read()
        let batches = [["zone01"], ["zone03", "zone04"], ["zone05"]]
        try await ReleaseWorld.with(zones: batches.flatMap(\.self)) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            world.interfere(on: "zone04") { try await world.pin(Puppetfile.edge, to: Pin.hot, on: "zone04") }
            try await world.release("rel1", batches: batches)
            let merge = try await world.head("zone03")
            try await world.revert(try await world.head("zone04"), on: "zone04")
            let stopped = try await world.release("rel1", batches: batches)
            #expect(stopped.steps[3].state == .failed, "what was refused is not tried again unasked")
            #expect(try await world.stall("rel1") == "MergeFailed")
            let done = try await world.release("rel1", batches: batches) { $0.attempt = 1 }
            #expect(try oracle["vii", "way_out_retry", "batch2"] == String(done.steps[3].state.rawValue))
            #expect(try oracle["vii", "way_out_retry", "batch3"] == String(done.steps[4].state.rawValue))
            #expect(try await world.head("zone03") == merge)
            #expect(try await world.strays() == [])
        }
    }

    @Test("viii: one shared revert takes a release back everywhere, with another release in uat and no sync")
    func sharedRevert() async throws {
        let oracle = try Oracle.read()
        let zones = ["zone01", "zone02", "zone03", "zone04"]
        try await ReleaseWorld.with(zones: zones + ["zone05"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .batch(1), batches: [zones, ["zone05"]])
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "relB")
            try await world.release("relB", to: .stage("uat"), batches: [])
            try await world.release("rel1", to: .rolledBack, batches: [zones, ["zone05"]])
            #expect(try oracle["viii", "shared_revert", "sync_needed"] == "no")
            #expect(try await world.count(of: "branch.sync") == 0)
            #expect(try await world.pins("uat") == [Puppetfile.edge: Pin.p60, Puppetfile.common: Pin.p09])
            for branch in zones + ["production", "zone05"] {
                #expect(try await world.pins(branch) == Puppetfile().pins)
            }
            try await world.release("relB", batches: [zones, ["zone05"]])
            // Production got the revert before B, uat after it: that production holds B alone is as it should be.
            let seen = try await world.look()
            #expect(seen.branches.allSatisfy { $0.findings.isEmpty && $0.gaps.isEmpty }, "\(seen.branches)")
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel2")
            let next = try await world.release("rel2", batches: [zones, ["zone05"]])
            #expect(next.steps.allSatisfy { $0.state == .succeeded })
            #expect(try await world.pins("zone05") == [Puppetfile.edge: Pin.p2C, Puppetfile.common: Pin.p09])
            #expect(try await world.look().drifted == [])
        }
    }

    @Test("ix: a rollback that fails in part says so zone by zone, leaves the stages, and goes on when it can")
    func partial() async throws {
        let oracle = try Oracle.read()
        let zones = ["zone01", "zone02", "zone03", "zone04"]
        try await ReleaseWorld.with(zones: zones) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: [zones])
            let hotfix = try await world.pin(Puppetfile.edge, to: Pin.hot, on: "zone02")
            try await world.pin(Puppetfile.edge, to: Pin.p60, on: "zone03", message: "undone by hand")
            let lost = try await world.head("zone04")
            try await world.delete("zone04")

            let failed = try await world.release("rel1", to: .rolledBack, batches: [zones])
            let batch = try #require(failed.steps.last)
            for target in batch.targets {
                let expected = try oracle["ix", "batch", target.branch].lowercased().replacing("_", with: "-")
                #expect(target.result.rawValue == expected, "\(target.branch)")
            }
            #expect(String(batch.state.rawValue) == (try oracle["ix", "batch", "batch_status"]))
            #expect(batch.rollbackFailure?.rawValue == (try oracle["ix", "batch", "kind"]))
            for stage in ["production", "uat"] {
                #expect(try await world.pins(stage)[Puppetfile.edge] == Pin.pC5, "stages wait for their zones")
            }
            #expect(try await world.stall("rel1") == "NotReverted")

            let done = try await world.head("zone01")
            try await world.revert(hotfix, on: "zone02")
            try await world.force("zone04", to: lost)
            let second = try await world.release("rel1", to: .rolledBack, batches: [zones])
            #expect(second.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
            #expect(try await world.head("zone01") == done, "what was taken back is left")
            #expect(try await world.pins("zone03") == Puppetfile().pins)
        }
    }

    @Test("x: squashed promotions are refused before they happen, for the next one would conflict")
    func squash() async throws {
        let oracle = try Oracle.read()
        #expect(try oracle["x", "squash_between_long_lived", "next"] == "CONFLICT")
        for method in ["squash", "fast-forward"] {
            let error = #expect(throws: DiagnosticsError.self) {
                try ResourceSpec(
                    kind: .controlRepository,
                    json: [
                        "forge": "local", "project": "p", "stages": ["uat"], "mergeMethod": .string(method),
                    ])
            }
            #expect(error?.description.contains("is not allowed") == true)
        }
    }

    @Test("xi: an evil merge stops the release before the next step, though no commit shows it")
    func evilMerge() async throws {
        let oracle = try Oracle.read()
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", to: .stage("production"), batches: Self.two)
            var evil = Puppetfile()
            evil.pins = [Puppetfile.edge: Pin.hot, Puppetfile.common: Pin.base]
            let tree = try await world.mirror.makeTree(
                try await world.tree("production"), changing: ["Puppetfile": Array(evil.text.utf8)])
            try await world.merge(try await world.head("production"), into: "zone01", tree: tree)
            try await world.release("rel1", batches: Self.two)
            #expect(try oracle["xi", "evil_merge", "recompute_differs"] == "yes")
            #expect(try await world.stall("rel1") == "MergeAltered")
            #expect(try await world.pins("zone02")[Puppetfile.edge] == Pin.p60)
        }
    }

    @Test("xi: a branch that was set back gets everything again with the next release")
    func rewound() async throws {
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            let first = try await world.head("zone02")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            try await world.release("rel1", batches: Self.two)
            try await world.force("zone02", to: first)
            try await world.pin(Puppetfile.common, to: Pin.p09, on: "rel2")
            let refused = try await world.release("rel2", batches: Self.two)
            #expect(refused.steps.last?.targets.map(\.verdict) == [.clean, .stowaway], "rel1 would come back with it")
            let tree = try #require(refused.steps.last?.targets.last?.tree)
            try await world.release("rel2", batches: Self.two) {
                $0.accepted = [AcceptedResult(branch: "zone02", tree: tree, by: ReleaseWorld.approver)]
            }
            #expect(try await world.tree("zone02") == world.tree("production"))
        }
    }
}
