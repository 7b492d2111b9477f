import DesiredState
import Diagnostics
import Foundation
import PostgresClient
import StateStore
import StateStoreSupport
import Testing

@Suite("The outbox of notices")
struct NoticeOutboxTests {
    let key = candidate("1")
    let failed = NewEvent(.warning, reason: "ChangelogFailed", message: "no such table")

    /// Subscribes a candidate, because candidates can be leased here, to everything.
    private func subscribe(
        _ name: String, in store: StateStore, _ subscription: Subscription = Subscription(rules: [NoticeRule()])
    ) async throws -> Lease {
        let lease = try await store.lease(on: candidate(name), worker: name)
        try await store.notices.subscribe(subscription, under: lease)
        return lease
    }

    private func notices(_ store: StateStore) async throws -> [Notice] {
        try await store.notices.list(page: PageRequest(limit: 500)).elements.reversed()
    }

    @Test("How many notices wait, and for how long, is known of every channel, of one that nothing waits for too")
    func backlog() async throws {
        try await withStore { store in
            let channel = try await subscribe("channel", in: store)
            try await store.queue.end(channel, PassEnd())
            let idle = try #require(try await store.notices.backlog().first)
            #expect(idle.channel == channel.key.name && idle.count == 0 && idle.oldest == .zero)
            let lease = try await store.lease(on: key, worker: "one")
            try await store.queue.end(lease, PassEnd(events: [failed]))
            try await store.pool.query("UPDATE sluice.notices SET created_at = created_at - interval '1 hour'")
            let backlog = try #require(try await store.notices.backlog().first)
            #expect(backlog.count == 1 && backlog.oldest >= .seconds(3600))
        }
    }

    @Test("The end of a pass writes its events, a notice for each subscriber and the wish to send it, or none of them")
    func together() async throws {
        try await withStore { store in
            let channel = try await subscribe("channel", in: store)
            try await store.queue.end(channel, PassEnd())
            let lost = try await store.lease(on: key, worker: "lost")
            try await store.bury(lost, policy: QuarantinePolicy(suspectDelay: .zero))
            await #expect(throws: StateStoreError.leaseLost(key)) {
                try await store.queue.end(lost, PassEnd(events: [failed]))
            }
            #expect(try await notices(store).isEmpty)
            let lease = try #require(try await store.claim())
            try await store.queue.end(lease, PassEnd(events: [failed, failed]))
            let notice = try #require(try await notices(store).first)
            #expect(try await notices(store).count == 1)
            #expect(notice.subscriber == channel.key)
            #expect(notice.object == key)
            #expect(notice.messageID.hasPrefix("msg_"))
            #expect(try await store.queue.item(channel.key)?.reasons.contains("event") == true)
        }
    }

    @Test("Nobody is told of their own events, nor of what no rule covers")
    func own() async throws {
        try await withStore { store in
            let channel = try await subscribe("channel", in: store, Subscription(rules: [.warnings]))
            try await store.events.append([failed], to: channel.key)
            try await store.events.append([NewEvent(.normal, reason: "Verified", message: "+1")], to: key)
            #expect(try await notices(store).isEmpty)
        }
    }

    @Test("A notice has the title that its object has, and who asked for where it goes, at that time")
    func title() async throws {
        try await withStore { store in
            _ = try await subscribe("channel", in: store)
            try await store.resources.store([DesiredResource(key, spec: ["title": "Edge", "requestedBy": "ada"])])
            try await store.events.append([failed], to: key)
            try await store.resources.store([DesiredResource(key, spec: ["title": "Edge", "requestedBy": "bob"])])
            try await store.events.append([NewEvent(.normal, reason: "Verified", message: "+1")], to: key)
            #expect(try await notices(store).map(\.title) == ["Edge", "Edge"])
            #expect(try await notices(store).map(\.actor) == ["ada", "bob"])
        }
    }

    @Test("Who lost the right to a channel records nothing")
    func fenced() async throws {
        try await withStore { store in
            let lease = try await subscribe("channel", in: store)
            try await store.events.append([failed], to: key)
            let id = try #require(try await notices(store).first?.id)
            try await store.bury(lease)
            await #expect(throws: StateStoreError.leaseLost(lease.key)) {
                try await store.notices.record(NoticeAttempt([id], .delivered, status: 200), under: lease)
            }
            #expect(try await notices(store).map(\.state) == [.waiting])
        }
    }

    @Test("What was settled long ago is forgotten, and what waits for too long is given up")
    func purge() async throws {
        try await withStore { store in
            let lease = try await subscribe("channel", in: store)
            try await store.events.append([failed], to: key)
            try await store.events.append([failed], to: candidate("2"))
            let id = try #require(try await notices(store).first?.id)
            try await store.notices.record(NoticeAttempt([id], .delivered, status: 200), under: lease)
            #expect(try await store.notices.purge() == 0)
            _ = try await store.pool.query(
                "UPDATE sluice.notices SET created_at = created_at - interval '8 days', ended_at = ended_at - interval '31 days'"
            )
            try await store.notices.purge()
            #expect(try await notices(store).map(\.state) == [.dead])
        }
    }
}
