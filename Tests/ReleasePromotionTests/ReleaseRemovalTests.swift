import DesiredState
import Forges
import GitClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("A release that is taken out of what is desired")
struct ReleaseRemovalTests {
    private static let batches = [["zone01"]]

    /// A promotion that died in the middle of a merge into production.
    private static func withHalfDone(_ body: @Sendable (ReleaseWorld, ReleaseSpec) async throws -> Void) async throws {
        try await ReleaseWorld.with(zones: ["zone01"]) { world in
            try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
            let spec = try await world.spec("rel1", to: .complete, batches: batches)
            let failpoints = ScriptedFailpoints(crashAt: "after:request.open", occurrence: 2)
            await #expect(throws: SimulatedCrash.self) {
                try await world.want("rel1", spec, failpoints: failpoints)
            }
            try await world.store.queue.expireLeases(heldBy: "one")
            #expect(try await world.strays().contains("promo_rel1_production"))
            #expect(try await requests(in: world) == 1)
            try await body(world, spec)
        }
    }

    private static func requests(in world: ReleaseWorld) async throws -> Int {
        try await world.forge.openMergeRequests(
            from: try .branch("promo_rel1_production"), into: try .branch("production"),
            project: try ProjectRef(ReleaseWorld.project)
        ).count
    }

    @Test("It leaves no short-lived branch and no open merge request; what it has merged stays, and so does its source")
    func tidied() async throws {
        try await Self.withHalfDone { world, _ in
            let (uat, production) = (try await world.head("uat"), try await world.head("production"))
            try await world.forget("rel1", worker: "two")
            #expect(try await !world.isKnown("rel1"))
            let key = ReleaseName(repository: ReleaseWorld.name, release: "rel1").key
            #expect(try await world.store.queue.item(key) == nil, "nobody looks at it any more")
            #expect(try await world.strays() == [])
            #expect(try await Self.requests(in: world) == 0)
            #expect(try await world.head("uat") == uat)
            #expect(try await world.head("production") == production)
            #expect(try await world.mirror.resolve(try .branch("rel1")) != nil)
        }
    }

    @Test("What somebody committed on a branch that is named like one of its own stays")
    func foreign() async throws {
        try await Self.withHalfDone { world, _ in
            try await world.commit(["note": "mine"], on: "promo_rel1_zone01")
            try await world.forget("rel1", worker: "two")
            #expect(try await !world.isKnown("rel1"))
            #expect(try await world.strays() == ["promo_rel1_zone01"])
        }
    }

    @Test("While its control repository is left alone it waits; without one it goes, and says so")
    func unreachable() async throws {
        try await Self.withHalfDone { world, _ in
            var paused = world
            let rules = world.rules
            paused.rules = ControlRepositorySpec(
                forge: rules.forge, project: rules.project, stages: rules.stages, zones: rules.zones,
                suspension: Suspension(reason: "a freeze"))
            try await paused.forget("rel1", worker: "two")
            #expect(try await world.isKnown("rel1"))
            #expect(try await world.strays().contains("promo_rel1_production"))

            var gone = world
            gone.isDesired = false
            try await gone.forget("rel1", worker: "two")
            #expect(try await !world.isKnown("rel1"))
            #expect(try await world.events("LeftBehind") == 1)
        }
    }

    @Test("One whose spec cannot be read any more goes; of one that was at rest nothing is said")
    func unreadable() async throws {
        try await Self.withHalfDone { world, spec in
            let status = try await world.want("rel1", spec, worker: "two")
            #expect(status.steps.map(\.state.rawValue) == [3, 3, 3])
            let key = ReleaseName(repository: ReleaseWorld.name, release: "rel1").key
            try await world.store.resources.store([DesiredResource(key, spec: ["of": "another time"])])
            try await world.forget("rel1", worker: "two")
            #expect(try await !world.isKnown("rel1"))
            #expect(try await world.events("LeftBehind") == 0)
        }
    }

    @Test("Desired again before anybody looked, it goes on where it was")
    func again() async throws {
        try await Self.withHalfDone { world, spec in
            try await world.store.resources.requestDeletion(of: [
                ReleaseName(repository: ReleaseWorld.name, release: "rel1").key
            ])
            let status = try await world.want("rel1", spec, worker: "two")
            #expect(status.steps.map(\.state.rawValue) == [3, 3, 3])
            #expect(try await world.strays() == [])
        }
    }
}
