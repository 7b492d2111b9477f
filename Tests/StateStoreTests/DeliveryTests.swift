import DesiredState
import Foundation
import NIOConcurrencyHelpers
import PostgresClient
import StateStore
import StateStoreSupport
import Testing

private func delivery(_ key: String, from source: String = "forge", body: String = "{}") -> NewDelivery {
    NewDelivery(
        source: source, key: key, scheme: "github", event: "push", headers: ["X-GitHub-Delivery": "1"], digest: "00",
        size: body.utf8.count, body: Array(body.utf8))
}

@Suite("Deliveries of webhooks")
struct DeliveryTests {
    private let registry = ResourceKey(kind: "Registry", name: "land")

    private func queued(_ delivery: WaitingDelivery) -> DeliveryDecision {
        DeliveryDecision(
            .queued, hint: ["project": "land"], wishes: [EnqueueRequest(registry, lane: .observe, reason: "webhook")])
    }

    @Test("B-05 The same delivery is kept once, and a repeat learns what became of the first")
    func repeats() async throws {
        try await withStore { store in
            let intake = DeliveryIntake(pool: store.pool)
            let first = try await intake.keep(delivery("a"))
            #expect(!first.isRepeat)
            #expect(
                try await intake.keep(delivery("a")) == DeliveryReceipt(id: first.id, isRepeat: true, outcome: .waiting)
            )
            #expect(try await store.deliveries.handleWaiting(queued) == 1)
            #expect(
                try await intake.keep(delivery("a", body: "other"))
                    == DeliveryReceipt(id: first.id, isRepeat: true, outcome: .queued))
            #expect(try await !intake.keep(delivery("a", from: "another")).isRepeat)
            let kept = try #require(await store.deliveries.delivery(first.id))
            #expect(kept.repeats == 2)
            #expect(kept.event == "push")
            #expect(kept.hint == ["project": "land"])
        }
    }

    @Test("F-07 A repeat may be news a minute after it was handled, and is handled once more, by its hint if need be")
    func newsAgain() async throws {
        try await withStore { store in
            let bell = NIOLockedValueBox(0)
            let intake = DeliveryIntake(pool: store.pool) { bell.withLockedValue { $0 += 1 } }
            let first = try await intake.keep(delivery("a"))
            try await store.deliveries.handleWaiting(queued)
            try await store.deliveries.purge(DeliveryRetention(bodies: 0))
            try await store.pool.query("UPDATE sluice.deliveries SET handled_at = handled_at - interval '61 seconds'")
            let again = try await intake.keep(delivery("a"))
            #expect(again == DeliveryReceipt(id: first.id, isRepeat: true, outcome: .waiting))
            #expect(bell.withLockedValue { $0 } == 2)
            var hints: [JSONValue] = []
            try await store.deliveries.handleWaiting { delivery in
                hints.append(delivery.hint)
                return self.queued(delivery)
            }
            #expect(hints == [["project": "land"]])
            #expect(try await intake.keep(delivery("a")).outcome == .queued)
        }
    }

    @Test("Of a thousand at once, each ten times, each is kept once, in few commits")
    func crowd() async throws {
        try await withStore { store in
            let commits = NIOLockedValueBox(0)
            let intake = DeliveryIntake(pool: store.pool) { commits.withLockedValue { $0 += 1 } }
            let receipts = try await withThrowingTaskGroup(of: DeliveryReceipt.self) { group in
                for number in 0..<10_000 { group.addTask { try await intake.keep(delivery("\(number % 1000)")) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(receipts.count { !$0.isRepeat } == 1000)
            #expect(Set(receipts.map(\.id)).count == 1000)
            #expect(commits.withLockedValue { $0 } < 200)
            let rows = try await store.pool.query("SELECT count(*) AS n, sum(repeats) AS r FROM sluice.deliveries")
            #expect(try rows.single().int("n") == 1000)
            #expect(try rows.single().int("r") == 9000)
        }
    }

    @Test("A store that is out of reach is an error to every sender, and none waits for ever")
    func unreachable() async throws {
        try await withStore { store in
            let pool = PostgresPool(configuration: store.pool.configuration, size: 1)
            await pool.close()
            let intake = DeliveryIntake(pool: pool)
            for key in ["a", "b"] {
                await #expect(throws: (any Error).self) { try await intake.keep(delivery(key)) }
            }
        }
    }

    @Test("Many deliveries that hint at one key become one wish, together with what is said of them")
    func coalescing() async throws {
        try await withStore { store in
            let intake = DeliveryIntake(pool: store.pool)
            for number in 0..<30 { _ = try await intake.keep(delivery("\(number)")) }
            var seen: [Int64] = []
            var handled = 0
            while case let count = try await store.deliveries.handleWaiting({ delivery in
                seen.append(delivery.id)
                return self.queued(delivery)
            }), count > 0 { handled += count }
            #expect(handled == 30)
            #expect(seen == seen.sorted())
            #expect(try await store.queue.census() == [.observe: [.waiting: 1]])
            #expect(try await store.deliveries.list(DeliveryFilter(outcomes: [.waiting])).elements.isEmpty)
        }
    }

    @Test(
        "What was kept and not handled is handled by whoever comes next; wishes and outcome are there both or neither")
    func restart() async throws {
        try await withStore { store in
            let intake = DeliveryIntake(pool: store.pool)
            let receipt = try await intake.keep(delivery("a"))
            // A wish that the store refuses fails the whole batch.
            let broken = EnqueueRequest(registry, lane: .observe, reason: "webhook", priority: .max)
            await #expect(throws: (any Error).self) {
                try await store.deliveries.handleWaiting { _ in DeliveryDecision(.queued, wishes: [broken]) }
            }
            let kept = try #require(await store.deliveries.delivery(receipt.id))
            #expect(kept.outcome == .waiting)
            #expect(kept.attempts == 1)
            #expect(try await store.queue.census().isEmpty)
            #expect(try await store.deliveries.handleWaiting(queued) == 1)
            #expect(try await store.deliveries.handleWaiting(queued) == 0)
        }
    }

    @Test("A delivery that cannot be handled is left alone after five attempts, and holds up no other")
    func poison() async throws {
        try await withStore { store in
            let intake = DeliveryIntake(pool: store.pool)
            let poison = try await intake.keep(delivery("poison"))
            let good = try await intake.keep(delivery("good"))
            let broken = EnqueueRequest(registry, lane: .observe, reason: "webhook", priority: .max)
            for _ in 0..<12 {
                _ = try? await store.deliveries.handleWaiting { delivery in
                    delivery.id == poison.id ? DeliveryDecision(.queued, wishes: [broken]) : self.queued(delivery)
                }
            }
            #expect(try await store.deliveries.delivery(good.id)?.outcome == .queued)
            let left = try #require(await store.deliveries.delivery(poison.id))
            #expect(left.outcome == .abandoned)
            #expect(left.attempts == DeliveryLog.maximumAttempts)
        }
    }

    @Test("A person can have a delivery handled again, with its body or with the hint that is left of it")
    func redelivery() async throws {
        try await withStore { store in
            let intake = DeliveryIntake(pool: store.pool)
            let receipt = try await intake.keep(delivery("a"))
            try await store.deliveries.handleWaiting(queued)
            try await store.deliveries.purge(DeliveryRetention(bodies: 0))
            #expect(try await store.deliveries.delivery(receipt.id)?.hasBody == false)
            #expect(try await store.deliveries.redeliver(receipt.id))
            var hints: [JSONValue] = []
            try await store.deliveries.handleWaiting { delivery in
                hints.append(delivery.hint)
                #expect(delivery.body == nil)
                return DeliveryDecision(.queued)
            }
            #expect(hints == [["project": "land"]])
            #expect(try await store.deliveries.delivery(receipt.id)?.hint == ["project": "land"])
            #expect(try await !store.deliveries.redeliver(receipt.id + 1))
            var unreadable = delivery("b")
            unreadable.body = nil
            let lost = try await intake.keep(unreadable)
            #expect(try await !store.deliveries.redeliver(lost.id))
        }
    }

    @Test("Bodies beyond so many bytes go, the oldest first")
    func bytes() async throws {
        try await withStore { store in
            let intake = DeliveryIntake(pool: store.pool)
            for key in ["a", "b", "c"] { _ = try await intake.keep(delivery(key)) }
            try await store.deliveries.handleWaiting(queued)
            let sizes = try await store.deliveries.list().elements.map(\.size)
            let two = sizes.prefix(2).reduce(0, +)
            #expect(try await store.deliveries.purge(DeliveryRetention(bytes: two)) == 1)
            #expect(try await store.deliveries.list().elements.map(\.hasBody) == [true, true, false])
            #expect(try await store.deliveries.purge(DeliveryRetention(bytes: two - 1)) == 1)
            #expect(try await store.deliveries.list().elements.map(\.hasBody) == [true, false, false])
        }
    }

    @Test("Bodies go by age and number, deliveries by age, and nothing that waits goes")
    func retention() async throws {
        try await withStore { store in
            let intake = DeliveryIntake(pool: store.pool)
            for key in ["a", "b", "c"] { _ = try await intake.keep(delivery(key)) }
            try await store.deliveries.handleWaiting(queued)
            let waiting = try await intake.keep(delivery("d"))
            #expect(try await store.deliveries.purge(DeliveryRetention(bodies: 2)) == 1)
            #expect(try await store.deliveries.list().elements.map(\.hasBody) == [true, true, true, false])
            try await store.pool.query(
                "UPDATE sluice.deliveries SET handled_at = handled_at - interval '2 days' WHERE outcome <> 'waiting'")
            #expect(try await store.deliveries.purge() == 2)
            try await store.pool.query(
                "UPDATE sluice.deliveries SET handled_at = handled_at - interval '9 days' WHERE outcome <> 'waiting'")
            #expect(try await store.deliveries.purge() == 3)
            #expect(try await store.deliveries.list().elements.map(\.id) == [waiting.id])
        }
    }

    @Test("Deliveries are listed newest first, by source, outcome and time, page by page")
    func listing() async throws {
        try await withStore { store in
            let intake = DeliveryIntake(pool: store.pool)
            for key in ["a", "b", "c"] {
                _ = try await intake.keep(delivery(key, from: key == "b" ? "other" : "forge"))
            }
            let log = store.deliveries
            let page = try await log.list(page: PageRequest(limit: 2))
            #expect(page.elements.map(\.source) == ["forge", "other"])
            #expect(try await log.list(page: PageRequest(limit: 2, after: page.next)).elements.count == 1)
            #expect(try await log.list(DeliveryFilter(source: "other")).elements.count == 1)
            #expect(try await log.list(DeliveryFilter(outcomes: [.queued, .ignored])).elements.isEmpty)
            let last = try #require(page.elements.first).receivedAt
            #expect(try await log.list(DeliveryFilter(since: last)).elements.count == 1)
            let tomorrow = try #require(page.elements.first).receivedAt.addingTimeInterval(86_400)
            #expect(try await log.list(DeliveryFilter(since: tomorrow)).elements.isEmpty)
        }
    }
}
