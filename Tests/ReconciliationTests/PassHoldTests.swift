import DesiredState
import Foundation
import StateStore
import StateStoreSupport
import TestSupport
import Testing

@testable import Reconciliation

@Suite("What holds a pass up") struct PassHoldTests {
    let world = TestWorld()

    /// Stores a thing that wants one effect and waits for others.
    private func want(_ name: String, after others: [String], in store: StateStore) async throws {
        let list = others.map { JSONValue.string(thing($0).description) }
        try await store.resources.store([
            DesiredResource(
                thing(name), spec: ["effects": [.string("make \(name)")]], metadata: ["dependsOn": .array(list)])
        ])
        try await store.queue.enqueue(EnqueueRequest(thing(name), lane: .observe, reason: "test"))
    }

    @Test("A thing whose dependency is not ready waits, says for what, and is woken when it is")
    func dependencies() async throws {
        try await withStore { store in
            let engine = store.engine([WorldReconciler(world: world)])
            try await want("b", after: ["a"], in: store)
            try await engine.drain()
            #expect(try await store.resources.get(thing("b"))?.waiting?.what == "Thing/a, which is not there")
            #expect(world.effects("b").isEmpty)
            try await store.resources.store([DesiredResource(thing("a"), spec: ["effects": ["make a"]])])
            try await store.queue.enqueue(EnqueueRequest(thing("b"), lane: .observe, reason: "test"))
            try await engine.drain()
            let waiting = try #require(try await store.resources.get(thing("b")))
            #expect(waiting.waiting?.what == "Thing/a to be ready")
            #expect(waiting.conditions[.ready]?.reason == "DependencyNotReady")
            #expect(waiting.nextLook != nil)
            try await store.queue.enqueue(EnqueueRequest(thing("a"), lane: .observe, reason: "test"))
            try await engine.drain()
            #expect(world.effects("b") == ["make b"])
            #expect(try await store.resources.get(thing("b"))?.conditions[.ready]?.status == .true)
        }
    }

    @Test("What nothing reconciles is ready as soon as it is there")
    func unreconciled() async throws {
        try await withStore { store in
            let engine = store.engine([WorldReconciler(world: world)])
            let other = ResourceKey(kind: "Place", name: "x")
            try await store.resources.store([
                DesiredResource(other, spec: [:]),
                DesiredResource(
                    thing("a"), spec: ["effects": ["make a"]], metadata: ["dependsOn": [.string(other.description)]]),
            ])
            try await store.queue.enqueue(EnqueueRequest(thing("a"), lane: .observe, reason: "test"))
            try await engine.drain()
            #expect(world.effects("a") == ["make a"])
        }
    }

    @Test("A suspension by the spec holds until it runs out, and the timer takes the thing up again")
    func suspension() async throws {
        try await withStore { store in
            try await store.resources.store([
                DesiredResource(
                    thing("a"),
                    spec: [
                        "effects": ["make a"], "suspend": ["until": "2100-01-15T08:00:00Z", "reason": "it moves"],
                    ])
            ])
            let before = try Date("2100-01-15T07:59:00Z", strategy: .iso8601)
            let resource = try #require(try await store.resources.get(thing("a")))
            guard case .suspended(let suspension, let left)? = PassHold.suspension(of: resource, at: before) else {
                Issue.record("it is not suspended")
                return
            }
            #expect(suspension.reason == "it moves")
            #expect(left == .seconds(61))
            #expect(PassHold.suspension(of: resource, at: before.addingTimeInterval(60)) == nil)
            try await store.queue.enqueue(EnqueueRequest(thing("a"), lane: .observe, reason: "test"))
            try await store.engine([WorldReconciler(world: world)]).drain()
            let held = try #require(try await store.resources.get(thing("a")))
            #expect(world.effects("a").isEmpty)
            #expect(held.waiting?.what == "being resumed; it is suspended until 2100-01-15T08:00:00Z: it moves")
            #expect(held.nextLook != nil)
        }
    }

    @Test("Whoever waits for a pass finds it, or a later one, as the last that was handled")
    func token() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(thing("a"), spec: ["effects": []])])
            let ticket = try await store.queue.enqueue(EnqueueRequest(thing("a"), lane: .observe, reason: "test"))
            #expect(try await store.resources.get(thing("a"))?.lastHandled == nil)
            try await store.engine([WorldReconciler(world: world)]).drain()
            #expect(try await store.resources.get(thing("a"))?.lastHandled?.pass == ticket.pass)
        }
    }
}
