import DesiredState
import GitClient
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("The releases' controller dies")
struct ReleaseCrashTests {
    /// A place to die: a failpoint, and the how manieth time it is reached.
    struct Boundary: Hashable, Sendable, CustomStringConvertible {
        let point: String
        let occurrence: Int
        var description: String { "\(point)#\(occurrence)" }
    }

    @Test(
        "F-01: killed at any effect boundary of a promotion, a rollback and a cancellation, the next process finishes: no double merge, no double revert, no stray branch"
    )
    func everyBoundary() async throws {
        let boundaries = try await boundaries(of: .sharedRevert)
        let reached = Set(boundaries.map(\.point))
        for effect in [
            "branch.push", "request.open", "request.merge", "branch.promote", "branch.revert", "source.delete",
        ] { #expect(reached.contains("after:\(effect)"), "\(effect) is not in the life") }
        try await die(at: boundaries, .sharedRevert)
    }

    @Test("F-01: killed at any effect boundary of reverts branch by branch and their syncs, the next process finishes")
    func everySync() async throws {
        // What comes before the rollback is the same as by the other style.
        let boundaries = try await boundaries(of: .revertAndSync).drop { $0.point != "before:branch.revert" }
        #expect(boundaries.contains { $0.point == "after:branch.sync" })
        try await die(at: Array(boundaries), .revertAndSync)
    }

    private func boundaries(of style: RollbackStyle) async throws -> [Boundary] {
        let trace = ScriptedFailpoints()
        try await ReleaseLife.live(style, trace)
        var seen: [String: Int] = [:]
        return trace.trace.map { point in
            seen[point, default: 0] += 1
            return Boundary(point: point, occurrence: seen[point, default: 0])
        }
    }

    private func die(at boundaries: [Boundary], _ style: RollbackStyle) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var rest = boundaries[...]
            for boundary in rest.prefix(4) { group.addTask { try await die(at: boundary, style) } }
            rest = rest.dropFirst(4)
            while try await group.next() != nil {
                guard let boundary = rest.popFirst() else { continue }
                group.addTask { try await die(at: boundary, style) }
            }
        }
    }

    private func die(at boundary: Boundary, _ style: RollbackStyle) async throws {
        let failpoints = ScriptedFailpoints(crashAt: boundary.point, occurrence: boundary.occurrence)
        do {
            let deaths = try await ReleaseLife.live(style, failpoints)
            #expect(deaths == 1, "nobody died at \(boundary)")
        } catch { Issue.record("killed at \(boundary): \(error)") }
    }
}

/// A release from its approval to its cancellation, over as many processes as it takes.
private struct ReleaseLife {
    struct Broken: Error { let promise: String }

    private static let batches = [["zone01", "zone02"]]
    private static let branches = ["uat", "production", "zone01", "zone02"]
    private static let reasons: [ReleaseTarget: String] = [
        .complete: "Released", .rolledBack: "RolledBack", .cancelled: "Cancelled",
    ]

    let world: ReleaseWorld
    let failpoints: ScriptedFailpoints
    let deaths = NIOLockedValueBox(0)

    @discardableResult
    static func live(_ style: RollbackStyle, _ failpoints: ScriptedFailpoints) async throws -> Int {
        let deaths = NIOLockedValueBox(0)
        try await ReleaseWorld.with(zones: ["zone01", "zone02"], rollback: style) { world in
            let life = ReleaseLife(world: world, failpoints: failpoints)
            do { try await life.live(style) } catch let error as Broken {
                throw Broken(promise: "\(error.promise)\n\(await life.tale())")
            }
            deaths.withLockedValue { $0 = life.deaths.withLockedValue(\.self) }
        }
        return deaths.withLockedValue(\.self)
    }

    private func live(_ style: RollbackStyle) async throws {
        try await world.pin(Puppetfile.edge, to: Pin.pC5, on: "rel1")
        var before: [String: ObjectID] = [:]
        for branch in Self.branches { before[branch] = try await world.tree(branch) }

        try await settle(.complete)
        for branch in Self.branches {
            try promise("\(branch) has the release", try await world.pins(branch)[Puppetfile.edge] == Pin.pC5)
            try await promise(merges: 1, on: branch)
        }
        try await promiseTidy()

        try await settle(.rolledBack)
        let syncs = style == .sharedRevert ? 0 : 1
        for branch in Self.branches {
            try promise("\(branch) is as before", try await world.tree(branch) == before[branch])
            try await promise(merges: branch == "uat" ? 2 : 2 + syncs, on: branch)
        }
        try await promiseTidy()

        try await settle(.cancelled)
        try promise("the source is gone", try await world.mirror.resolve(try .branch("rel1")) == nil)
        let open = try await world.store.history.tasks(statuses: [.pending, .running]).elements
        try promise("no task stays running: \(open.map(\.planned.action))", open.isEmpty)
    }

    /// Works until nothing is due, and once more after a death, as a process that is started again.
    private func settle(_ target: ReleaseTarget) async throws {
        let spec = try await world.spec("rel1", to: target, batches: Self.batches)
        do {
            try await world.want("rel1", spec, failpoints: failpoints)
        } catch is SimulatedCrash {
            deaths.withLockedValue { $0 += 1 }
            try await world.store.queue.expireLeases(heldBy: "one")
            try await world.engine(failpoints: failpoints, worker: "two").drain(limit: 200)
            try await world.want("rel1", spec, failpoints: failpoints, worker: "two")
        }
        let reason = try await world.reason("rel1")
        try promise("it says that it is \(target), not \(reason ?? "")", reason == Self.reasons[target])
    }

    /// How many merges there are on a branch: one for what was done, however often it was begun.
    private func promise(merges count: Int, on branch: String) async throws {
        let head = try await world.head(branch)
        let found = try await world.mirror.speculate { try BranchHistory(of: head, in: $0).events.map(\.purpose) }
        try promise("\(branch) has \(count) merges, not \(found)", found.count == count)
    }

    private func promiseTidy() async throws {
        let strays = try await world.strays()
        try promise("no branch is left behind: \(strays)", strays.isEmpty)
        let stall = try await world.stall("rel1")
        try promise("nothing stands still: \(stall ?? "")", stall == nil)
    }

    private func promise(_ text: String, _ isKept: Bool) throws {
        guard isKept else { throw Broken(promise: text) }
    }

    /// What was done and said, for whoever looks for the cause.
    func tale() async -> String {
        let tasks = (try? await world.store.history.tasks().elements) ?? []
        let lines = tasks.reversed().map { task in
            "\(task.planned.action) \(task.planned.target) \(task.status) "
                + (task.error.map { "\($0.code) \($0.message) \($0.detail ?? "")" } ?? "")
        }
        let message = (try? await world.message("rel1")) ?? ""
        return (lines + [message]).joined(separator: "\n")
    }
}
