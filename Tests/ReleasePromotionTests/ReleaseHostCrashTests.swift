import DesiredState
import ForgeDoubles
import Foundation
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("The releases' controller dies while it works on a code host")
struct ReleaseHostCrashTests {
    /// Every place between what is recorded and what the host is asked to do.
    private static let points = [
        "before:branch.promote", "after:branch.push", "after:request.open", "after:request.merge",
        "after:branch.promote", "recorded:branch.promote", "before:branch.revert", "after:branch.revert",
        "recorded:branch.revert", "after:source.delete",
    ]
    /// Those behind a request to the host. Hosts differ in what they answer, not in what Sluice does around it.
    private static let requests = [
        "after:branch.push", "after:request.open", "after:request.merge", "after:source.delete",
    ]
    /// Both hosts at every point, for the first stage as well.
    private static let isThorough = ProcessInfo.processInfo.environment["SLUICE_EVERY_BOUNDARY"] != nil

    @Test(
        "F-01: killed there, the next process finishes: each branch is merged once and taken back once, no merge request stays open, no branch is left",
        arguments: [ForgeType.gitlab, .github])
    func everyKind(_ host: ForgeType) async throws {
        for point in host == .gitlab || Self.isThorough ? Self.points : Self.requests {
            // The third is in a batch, whose zones are merged side by side.
            let occurrences = point == "after:source.delete" ? [1] : Self.isThorough ? [1, 3] : [3]
            for occurrence in occurrences {
                try await HostWorld.with(host) { world in
                    let failpoints = ScriptedFailpoints(crashAt: point, occurrence: occurrence)
                    try await live(world, failpoints, dyingAt: "\(point)#\(occurrence)")
                }
            }
        }
    }

    private func live(_ world: HostWorld, _ failpoints: ScriptedFailpoints, dyingAt place: String) async throws {
        var deaths = 0
        func settle(_ target: ReleaseTarget) async throws -> ReleaseStatus {
            do { return try await world.release("rel1", to: target, failpoints: failpoints) } catch is SimulatedCrash {
                deaths += 1
                try await world.store.queue.expireLeases(heldBy: "one")
                return try await world.release("rel1", to: target, worker: "two")
            }
        }
        try await world.propose("rel1", edge: Pin.pC5)
        let released = try await settle(.complete)
        #expect(released.steps.map(\.state) == [.succeeded, .succeeded, .succeeded], "\(place)")
        #expect(try await world.merges() == [1, 1, 1, 1], "\(place)")
        #expect(try await world.openRequests() == [], "\(place)")
        #expect(try await world.standing().others == ["rel1"], "\(place)")
        let back = try await settle(.rolledBack)
        #expect(back.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack], "\(place)")
        #expect(try await world.merges() == [2, 2, 2, 2], "\(place)")
        _ = try await settle(.cancelled)
        #expect(try await world.openRequests() == [], "\(place)")
        let gone = try await world.standing()
        #expect(gone.pins == ["P60", "P60", "P60", "P60"] && gone.others == [], "\(place)")
        #expect(deaths == 1, "nobody died at \(place)")
    }
}
