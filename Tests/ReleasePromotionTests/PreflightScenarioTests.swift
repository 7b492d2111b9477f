import GitClient
import Testing

@testable import ReleasePromotion

@Suite("Scenario xii: one test tells all situations apart")
struct PreflightScenarioTests {
    @Test("Sluice's verdict on each situation is the one that git's own merges and picks give")
    func verdicts() async throws {
        let oracle = try Oracle.read()
        try await ReleaseWorld.with(zones: ["zone01", "zone02"]) { world in
            func check(_ situation: String, _ change: ObjectID, _ source: String, _ target: String) async throws {
                try await check(situation, change, try await world.head(source), on: target)
            }
            func check(_ situation: String, _ change: ObjectID, _ source: ObjectID, on target: String) async throws {
                let head = try await world.head(target)
                let verdict = try await world.mirror.speculate { trial in
                    let own = try ReleaseChange(merge: change, in: trial)
                    let carried = ReleaseChange(commit: source, before: own.before, after: own.after)
                    return try Rehearser(trial).tryOut(carried, on: head).verdict
                }
                #expect(Self.word(verdict) == (try oracle["xii", situation, "verdict"]), "\(situation)")
            }
            func enter(_ branch: String) async throws -> ObjectID {
                try await world.merge(try await world.head(branch), into: "uat")
            }

            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let first = try await enter("rel1")
            try await check("ordinary_release", first, "uat", "production")
            let released = try await world.merge(first, into: "production")
            try await check("zone_in_step", released, "production", "zone01")
            try await world.merge(released, into: "zone01")
            try await check("promoted_already", released, "production", "zone01")

            // Rolled back by hand, not synchronised.
            try await world.revert(released, mainline: 1, on: "production")
            try await world.revert(first, mainline: 1, on: "uat")
            let unsynced = try await world.head("uat")
            try await world.pin(Puppetfile.edge, to: Pin.p2C, on: "rel2")
            try await check("after_an_unsynced_rollback,_other_content", try await enter("rel2"), "uat", "production")
            try await world.force("uat", to: unsynced)
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel3")
            try await check("after_an_unsynced_rollback,_same_content", try await enter("rel3"), "uat", "production")

            // Synchronised first.
            try await world.force("uat", to: unsynced)
            try await world.merge(unsynced, into: "production")
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel4")
            let fourth = try await enter("rel4")
            try await check("after_sync", fourth, "uat", "production")
            let again = try await world.merge(fourth, into: "production")

            // Another release on top.
            try await world.pin(Puppetfile.edge, to: Pin.p09, on: "rel5")
            let fifth = try await enter("rel5")
            try await world.pin(Puppetfile.common, to: Pin.hot, on: "rel6")
            _ = try await enter("rel6")
            try await check("branch_head_with_another_release_on_top", fifth, "uat", "production")
            try await check("the_commit_of_the_release_itself", fifth, fifth, on: "production")

            // Drift.
            try await world.pin(Puppetfile.edge, to: Pin.hot, on: "zone01")
            try await check(
                "same-line_drift_on_a_zone_that_had_(and_never_rolled_back)_the_same_pin", again, "production", "zone01"
            )
            try await world.force("zt", to: try await world.head("zone02"))
            try await world.pin(Puppetfile.edge, to: Pin.hot, on: "zt")
            try await check("same-line_drift_on_a_zone_that_never_had_it", again, "production", "zt")
            try await world.commit(["local.txt": "x\n"], on: "zone02")
            try await check("drift_in_another_file,_zone_several_releases_behind", again, "production", "zone02")
        }
    }

    /// A verdict in the words of the scenarios.
    private static func word(_ verdict: RehearsalVerdict) -> String {
        switch verdict {
        case .clean: "clean"
        case .unsyncedRevert: "unsynced_revert"
        case .driftConflict: "drift_conflict"
        case .lostToDrift: "lost_to_drift"
        case .silentLoss: "silent_loss"
        case .stowaway: "carries_other"
        case .unrelated: "unrelated"
        case .nothingToDo: "nothing"
        }
    }
}
