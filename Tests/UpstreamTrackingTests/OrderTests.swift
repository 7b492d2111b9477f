import DesiredState
import Forges
import Foundation
import GitClient
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("Orders of upstreams")
struct OrderTests {
    private func give(_ command: TrackingCommand, in world: UpstreamWorld) async throws -> Order {
        _ = try await world.store.orders.give(command.order(of: "tool", by: "ada"))
        try await world.look()
        return try #require(try await world.store.orders.list(of: UpstreamWorld.key).elements.first)
    }

    @Test("the cursor goes where a person orders it, forwards and back, and the history has who and why")
    func moved() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let begin = try #require(try await world.status().cursor)
            let first = try await world.commit([3: "three"], "One")
            try await world.commit([3: "three", 9: "nine"], "Two")
            let order = try await give(.moveCursor(to: first), in: world)
            #expect(order.outcome == .done && order.answer == "the cursor is at \(first.abbreviated)")
            #expect(try await world.status().cursor == first)
            #expect(try await world.request()?.title == "tool: Two", "what lies behind the cursor is not proposed")
            let tasks = try await world.store.history.tasks().elements.map(\.planned)
            let moves = tasks.filter { $0.action == "upstream.move-cursor" && $0.details["to"] == .string(first.hex) }
            #expect(moves.map(\.target) == ["Upstream/tool"])
            #expect(moves.map { $0.details["actor"] } == ["ada"])
            #expect(moves.map { $0.details["because"] } == ["ada asked for it"])
            _ = try await give(.moveCursor(to: begin), in: world)
            #expect(try await world.request()?.title.contains("2 patches") == true)
            #expect(try await world.issues().count == 1)
            let events = try await world.store.events.list(of: UpstreamWorld.key).elements
            #expect(events.contains { $0.reason == "OrderDone" && $0.message.contains("by ada") })
        }
    }

    @Test("a cursor is not moved to a commit that upstream's branch does not have, and that is answered")
    func foreign() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let before = try await world.status().cursor
            let aside = try await world.upstreamRepository.push(
                ["main.c": UpstreamWorld.text([1: "x"])], to: "aside", message: "Aside")
            for commit in [aside, try ObjectID(String(repeating: "7", count: 40))] {
                let order = try await give(.moveCursor(to: commit), in: world)
                #expect(order.outcome == .refused)
                #expect(order.answer?.contains("does not have the commit \(commit.abbreviated)") == true)
            }
            #expect(try await world.status().cursor == before)
            let nothing = try await give(.reopen, in: world)
            #expect(nothing.answer == "no merge request was refused since the cursor moved")
        }
    }

    @Test("a rewritten history goes on from where a person says")
    func afterRewriting() async throws {
        try await UpstreamWorld.with { world in
            let begin = try ObjectID(try await world.upstreamRepository.git("rev-parse", "main"))
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            try await world.upstreamRepository.push(
                ["main.c": UpstreamWorld.text([25: "x"])], to: "main", from: begin, message: "Say x")
            try await world.look()
            #expect(try await world.condition(.stalled).reason == "UpstreamRewritten")
            #expect(try await give(.moveCursor(to: begin), in: world).outcome == .done)
            #expect(try await world.request()?.title == "tool: Say x")
        }
    }

    @Test("what was refused is proposed again when a person takes that back")
    func reopened() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"], "One")
            try await world.look()
            let request = try #require(try await world.request())
            _ = try await world.forge.close(
                request.id, expecting: request.head, project: try #require(UpstreamWorld.project))
            try await world.look()
            #expect(try await world.condition().reason == "Refused")
            #expect(try await give(.reopen, in: world).outcome == .done)
            #expect(try await world.request() != nil)
            #expect(try await world.issues().map(\.state) == [.open], "the same issue is open again")
        }
    }

    @Test("an order that nobody understands is refused, not kept for ever")
    func unknown() async throws {
        try await UpstreamWorld.with { world in
            _ = try await world.store.orders.give(NewOrder("dance", of: UpstreamWorld.key, by: "ada"))
            try await world.look()
            let order = try #require(try await world.store.orders.list(of: UpstreamWorld.key).elements.first)
            #expect(order.outcome == .refused && order.answer == "nobody knows what dance means")
        }
    }
}
