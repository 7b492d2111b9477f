import DesiredState
import ForgeDoubles
import Forges
import Foundation
import GitClient
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("The upstreams' controller dies")
struct CrashTests {
    @Test(
        "1.7.6 killed at any step of a proposal, its update and its end, the next process finishes: one branch, one issue, one request"
    )
    func everyStep() async throws {
        try await everyBoundary(
            having: ["push", "tell-issue", "tell-request", "verify", "move-cursor", "delete-branch", "close-issue"],
            proposal)
    }

    @Test("the same on a code host that is asked over HTTP", arguments: [ForgeType.gitlab])
    func onHost(_ type: ForgeType) async throws {
        try await everyBoundary(
            having: ["push", "tell-issue", "tell-request", "verify", "move-cursor", "delete-branch", "close-issue"],
            at: { $0.hasPrefix("after:") }
        ) { deaths, place in
            try await HostedPackage.with(type) { world in
                func look() async throws {
                    try await deaths.look(world.store) { try await world.look(failpoints: $0, worker: $1) }
                }
                try await look()
                try await world.commit([3: "three"], "One")
                try await look()
                let second = try await world.commit([3: "three", 9: "nine"], "Two")
                try await look()
                let request = try #require(try await world.requests().first)
                #expect(try await world.requests().count == 1, "\(place)")
                #expect(request.title.contains("2 patches"), "\(place)")
                #expect(try await world.issues().count == 1, "\(place)")
                _ = try await world.forge.merge(
                    request.id, expecting: request.head, message: nil, project: world.project)
                try await look()
                #expect(try await world.status().cursor == second, "\(place)")
                #expect(try await world.issues().map(\.state) == [.closed], "\(place)")
                #expect(
                    try await world.forge.branches(project: world.project, withPrefix: "patch-tracking/").isEmpty,
                    "\(place)")
            }
        }
    }

    @Test("killed at any step of orders, each is carried out once, and each is answered and told of")
    func orders() async throws {
        try await everyBoundary(having: ["move-cursor", "reopen", "refuse-order", "push"]) { deaths, place in
            try await UpstreamWorld.with { world in
                func look() async throws {
                    try await deaths.look(world.store) { try await world.look(failpoints: $0, worker: $1) }
                }
                try await look()
                let first = try await world.commit([3: "three"], "One")
                let second = try await world.commit([3: "three", 9: "nine"], "Two")
                _ = try await world.store.orders.give(
                    TrackingCommand.moveCursor(to: first).order(of: "tool", by: "ada"))
                _ = try await world.store.orders.give(TrackingCommand.reopen.order(of: "tool", by: "ada"))
                try await look()
                #expect(try await world.status().cursor == first, "\(place)")
                let request = try #require(try await world.request(), "\(place)")
                _ = try await world.forge.close(
                    request.id, expecting: request.head, project: try #require(UpstreamWorld.project))
                try await look()
                let condition = try await world.condition()
                #expect(condition.reason == "Refused", "\(place): \(condition.message)")
                _ = try await world.store.orders.give(TrackingCommand.reopen.order(of: "tool", by: "ada"))
                try await look()
                #expect(try await world.request() != nil, "\(place)")
                #expect(try await world.status().head == second, "\(place)")
                let orders = try await world.store.orders.list(of: UpstreamWorld.key).elements
                #expect(orders.map(\.outcome) == [.done, .refused, .done], "\(place)")
                let told = try await world.store.events.list(of: UpstreamWorld.key).elements.filter {
                    $0.reason.hasPrefix("Order")
                }
                #expect(told.map(\.reason) == ["OrderDone", "OrderRefused", "OrderDone"], "\(place)")
                #expect(told.allSatisfy { $0.count == 1 }, "\(place)")
            }
        }
    }

    @Test("killed at any step of taking a proposal back, nobody has refused it, and what comes next is proposed")
    func withdrawal() async throws {
        try await everyBoundary(having: ["close-request", "delete-branch", "close-issue"]) { deaths, place in
            try await UpstreamWorld.with { world in
                func look() async throws {
                    try await deaths.look(world.store) { try await world.look(failpoints: $0, worker: $1) }
                }
                try await look()
                let first = try await world.commit([3: "three"], "One")
                try await look()
                #expect(try await world.request() != nil, "\(place)")
                _ = try await world.store.orders.give(
                    TrackingCommand.moveCursor(to: first).order(of: "tool", by: "ada"))
                try await look()
                #expect(try await world.request() == nil, "\(place)")
                #expect(try await world.branches() == ["master"], "\(place)")
                #expect(try await world.issues().map(\.state) == [.closed], "\(place)")
                #expect(try await world.status().refused == nil, "\(place)")
                try await world.commit([3: "three", 9: "nine"], "Two")
                try await look()
                #expect(try await world.request()?.title == "tool: Two", "\(place)")
            }
        }
    }

    @Test("killed at any step of taking an upstream out, the next process finishes: nothing of it is left")
    func removal() async throws {
        try await everyBoundary(having: ["close-request", "delete-branch", "close-issue"]) { deaths, place in
            try await UpstreamWorld.with { world in
                func look() async throws {
                    try await deaths.look(world.store) { try await world.look(failpoints: $0, worker: $1) }
                }
                try await look()
                try await world.commit([3: "three"], "One")
                try await look()
                world.isDesired.withLockedValue { $0 = false }
                try await look()
                #expect(try await world.request() == nil, "\(place)")
                #expect(try await world.branches() == ["master"], "\(place)")
                #expect(try await world.issues().map(\.state) == [.closed], "\(place)")
                #expect(try await world.store.resources.get(UpstreamWorld.key) == nil, "\(place)")
            }
        }
    }

    /// From the first look over a proposal and its update to the merge.
    private func proposal(_ deaths: Deaths, _ place: String) async throws {
        try await UpstreamWorld.with { world in
            func look() async throws {
                try await deaths.look(world.store) { try await world.look(failpoints: $0, worker: $1) }
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
        }
    }

    /// Lives a life once alive, then once for each point that it went through, killed there.
    private func everyBoundary(
        having effects: [String], at isWanted: (String) -> Bool = { _ in true },
        _ life: @escaping @Sendable (Deaths, _ place: String) async throws -> Void
    ) async throws {
        let alive = Deaths(ScriptedFailpoints())
        try await life(alive, "alive")
        #expect(await alive.count == 0)
        var seen: [String: Int] = [:]
        let boundaries = alive.failpoints.trace.map { point in
            seen[point, default: 0] += 1
            return (point: point, occurrence: seen[point, default: 0])
        }.filter { isWanted($0.point) }
        for effect in effects { #expect(seen["after:upstream.\(effect)"] != nil, "\(effect) is not in the life") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            var rest = boundaries[...]
            func next() {
                guard let boundary = rest.popFirst() else { return }
                group.addTask {
                    let place = "killed at \(boundary.point)#\(boundary.occurrence)"
                    do {
                        let deaths = Deaths(
                            ScriptedFailpoints(crashAt: boundary.point, occurrence: boundary.occurrence))
                        try await life(deaths, place)
                        #expect(await deaths.count == 1, "\(place)")
                    } catch { Issue.record("\(place): \(error)") }
                }
            }
            for _ in 0..<4 { next() }
            while try await group.next() != nil { next() }
        }
    }
}

/// Processes that die at a point, each followed by another one.
actor Deaths {
    nonisolated let failpoints: ScriptedFailpoints
    private var process = 0
    private(set) var count = 0

    init(_ failpoints: ScriptedFailpoints) { self.failpoints = failpoints }

    func look(
        _ store: StateStore, _ look: @Sendable (any Failpoints, _ worker: String) async throws -> Void
    ) async throws {
        process += 1
        do {
            try await look(failpoints, "\(process)")
        } catch is SimulatedCrash {
            count += 1
            try await store.queue.expireLeases(heldBy: "\(process)")
            process += 1
            try await look(failpoints, "\(process)")
        }
    }
}
