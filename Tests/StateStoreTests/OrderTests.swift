import DesiredState
import Diagnostics
import StateStore
import StateStoreSupport
import Testing

@Suite("Orders")
struct OrderTests {
    let key = candidate("1")

    @Test("An order is answered once, with the status that comes of it and its event, by whoever holds the lease")
    func answered() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: [:])])
            let given = try await store.orders.give(NewOrder("move", of: key, ["to": "x"], by: "ada"), lane: .deploy)
            let lease = try #require(await store.claim())
            let waiting = try await store.orders.waiting(for: key)
            #expect(waiting.map(\.id) == [given.id] && waiting.first?.arguments == ["to": "x"])
            #expect(try await store.orders.waiting(for: candidate("2")).isEmpty)
            let report = StatusReport(status: ["at": "x"])
            let event = NewEvent(.normal, reason: "Moved", message: "to x")
            #expect(try await store.orders.answer(given.id, .done, "moved", report, events: [event], under: lease))
            #expect(try await store.resources.get(key)?.status == ["at": "x"])
            #expect(
                try await !store.orders.answer(
                    given.id, .refused, "late", StatusReport(status: ["at": "y"]), events: [event], under: lease))
            #expect(try await store.events.list(of: key).elements.map(\.count) == [1])
            #expect(try await store.resources.get(key)?.status == ["at": "x"])
            let known = try #require(await store.orders.list(of: key).elements.first)
            #expect(known.outcome == .done && known.answer == "moved" && known.actor == "ada")
            #expect(try await store.orders.waiting(for: key).isEmpty)
        }
    }

    @Test("A worker whose lease was taken over answers nothing")
    func fenced() async throws {
        try await withStore { store in
            let given = try await store.orders.give(NewOrder("move", of: key, by: "ada"), lane: .deploy)
            let lease = try #require(await store.claim())
            try await store.bury(lease)
            await #expect(throws: StateStoreError.leaseLost(key)) {
                try await store.orders.answer(given.id, .done, "moved", under: lease)
            }
            #expect(try await store.orders.waiting(for: key).count == 1)
        }
    }

    @Test(
        "Orders that wait for an object that is taken out are dropped with it, and not carried out by one of the same name"
    )
    func dropped() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: [:])])
            _ = try await store.orders.give(NewOrder("move", of: key, by: "ada"), lane: .deploy)
            try await store.resources.requestDeletion(of: [key])
            let lease = try #require(await store.claim())
            try await store.queue.end(lease, PassEnd(removesResource: true))
            #expect(try await store.resources.get(key) == nil)
            #expect(try await store.orders.waiting(for: key).isEmpty)
            let known = try #require(await store.orders.list(of: key).elements.first)
            #expect(known.outcome == .refused && known.answer == "it was taken out")
        }
    }

    @Test("A bounded number of orders waits for an object, and what was answered is remembered in pages")
    func bounded() async throws {
        try await withStore { store in
            for number in 0..<OrderBook.maximumWaiting {
                _ = try await store.orders.give(NewOrder("\(number)", of: key, by: "ada"), lane: .deploy)
            }
            await #expect(throws: SluiceError.self) {
                try await store.orders.give(NewOrder("more", of: key, by: "ada"), lane: .deploy)
            }
            let first = try await store.orders.list(of: key, page: PageRequest(limit: 15))
            #expect(first.elements.first?.verb == "\(OrderBook.maximumWaiting - 1)")
            let second = try await store.orders.list(of: key, page: PageRequest(limit: 15, after: first.next))
            #expect(first.elements.count + second.elements.count == OrderBook.maximumWaiting)
        }
    }
}
