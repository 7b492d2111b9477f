import DesiredState
import Forges
import Foundation
import GitClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("The upstreams' controller dies")
struct CrashTests {
    struct Boundary: Hashable, Sendable, CustomStringConvertible {
        let point: String
        let occurrence: Int
        var description: String { "\(point)#\(occurrence)" }
    }

    @Test(
        "killed at any step of a proposal, its update and its end, the next process finishes: one branch, one issue, one request"
    )
    func everyStep() async throws {
        let trace = ScriptedFailpoints()
        try await live(trace)
        var seen: [String: Int] = [:]
        let boundaries = trace.trace.map { point in
            seen[point, default: 0] += 1
            return Boundary(point: point, occurrence: seen[point, default: 0])
        }
        for effect in ["push", "tell-issue", "tell-request", "verify", "move-cursor", "delete-branch", "close-issue"] {
            #expect(seen["after:upstream.\(effect)"] != nil, "\(effect) is not in the life")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            var rest = boundaries[...]
            func next() {
                guard let boundary = rest.popFirst() else { return }
                group.addTask {
                    do {
                        let points = ScriptedFailpoints(crashAt: boundary.point, occurrence: boundary.occurrence)
                        try await live(points, killedAt: boundary)
                    } catch { Issue.record("killed at \(boundary): \(error)") }
                }
            }
            for _ in 0..<4 { next() }
            while try await group.next() != nil { next() }
        }
    }

    /// From the first look over a proposal and its update to the merge.
    private func live(_ failpoints: ScriptedFailpoints, killedAt boundary: Boundary? = nil) async throws {
        let place = boundary.map { "killed at \($0)" } ?? "alive"
        try await UpstreamWorld.with { world in
            var process = 0
            var deaths = 0
            func look() async throws {
                process += 1
                do {
                    try await world.look(failpoints: failpoints, worker: "\(process)")
                } catch is SimulatedCrash {
                    deaths += 1
                    try await world.store.queue.expireLeases(heldBy: "\(process)")
                    process += 1
                    try await world.look(failpoints: failpoints, worker: "\(process)")
                }
            }
            try await look()
            try await world.commit([3: "three"], "One")
            try await look()
            let second = try await world.commit([3: "three", 9: "nine"], "Two")
            try await look()
            #expect(try await world.branches().sorted() == ["master", UpstreamWorld.branch], "\(place)")
            #expect(try await world.issues().count == 1, "\(place)")
            #expect(try await world.request()?.title.contains("2 patches") == true, "\(place)")
            #expect(try await world.status().behind == 2, "\(place)")
            try await world.merge()
            try await look()
            #expect(try await world.branches() == ["master"], "\(place)")
            #expect(try await world.issues().map(\.state) == [.closed], "\(place)")
            #expect(try await world.status().cursor == second, "\(place)")
            #expect(deaths == (boundary == nil ? 0 : 1), "\(place)")
        }
    }
}
