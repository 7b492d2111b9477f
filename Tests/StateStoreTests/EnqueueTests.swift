import DesiredState
import PostgresClient
import StateStore
import StateStoreSupport
import Testing

@Suite("Enqueueing")
struct EnqueueTests {
    let key = candidate("1042")

    @Test("Ten thousand wishes for a key are one item with bounded reasons")
    func coalescing() async throws {
        try await withStore { store in
            for batch in 0..<10 {
                try await store.queue.enqueue(
                    (0..<1_000).map { EnqueueRequest(key, lane: .deploy, reason: "event \(batch) \($0)") })
            }
            let item = try #require(await store.queue.item(key))
            #expect(item.reasons.count == WorkQueue.maximumReasons)
            #expect(try await store.queue.census() == [.deploy: [.waiting: 1]])
        }
    }

    @Test("The earliest time and the highest priority count, and every reason is kept once")
    func earliestWins() async throws {
        try await withStore { store in
            try await store.queue.enqueue(
                EnqueueRequest(key, lane: .observe, reason: "timer", delay: .seconds(3_600)))
            #expect(try await store.claim(.observe) == nil)
            try await store.queue.enqueue(EnqueueRequest(key, lane: .observe, reason: "webhook"))
            try await store.queue.enqueue(
                EnqueueRequest(key, lane: .observe, reason: "timer", delay: .seconds(7_200)))
            let lease = try #require(await store.claim(.observe))
            #expect(lease.reasons == ["timer", "webhook"])
            #expect(lease.pass == 1)
            #expect(lease.attempt == 1)
        }
    }

    @Test("A key that is enqueued while it runs, however often, runs exactly once more")
    func onceMore() async throws {
        try await withStore { store in
            let first = try await store.lease(on: key)
            for number in 0..<5 {
                try await store.queue.enqueue(EnqueueRequest(key, lane: .observe, reason: "push \(number)"))
            }
            #expect(try await store.claim() == nil)
            #expect(try await store.claim(.observe) == nil)
            try await store.queue.end(first, PassEnd())
            let second = try #require(await store.claim(.observe), "it runs once more, in the lane last asked for")
            #expect(second.reasons == (0..<5).map { "push \($0)" })
            #expect(second.fence > first.fence)
            try await store.queue.end(second, PassEnd())
            #expect(try await store.queue.item(key)?.state == .idle)
        }
    }

    @Test("A sweep cuts no backoff short and asks nothing of a key that runs")
    func onlyIdle() async throws {
        try await withStore { store in
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "x", delay: .seconds(3_600)))
            let tickets = try await store.queue.enqueue(
                [EnqueueRequest(key, lane: .deploy, reason: "sweep")], onlyIdle: true)
            #expect(tickets.isEmpty)
            #expect(try await store.claim() == nil)
        }
    }

    @Test("Whoever wishes for many waits for a key that ends without holding those who are told of it")
    func order() async throws {
        let channel = ResourceKey(kind: "AChannel", name: "team")
        try await withStore { store in
            for each in [key, channel] {
                try await store.queue.enqueue(EnqueueRequest(each, lane: .deploy, reason: "test"))
            }
            try await store.pool.query(
                "INSERT INTO sluice.subscribers (kind, name, rules, quiet, gather) VALUES ($1, $2, '[]', 0, 0)",
                [channel.kind, channel.name])
            // As the end of a pass: its own key, and then those who are told.
            let many = try await store.pool.transaction { connection in
                try await connection.query(
                    "SELECT FROM sluice.work_items WHERE kind = $1 FOR UPDATE", [key.kind])
                let many = Task {
                    try await store.queue.enqueue(
                        [channel, key].map { EnqueueRequest($0, lane: .deploy, reason: "round") })
                }
                while try await connection.query(
                    """
                    SELECT FROM pg_locks AS wanted JOIN pg_locks AS had USING (pid)
                    WHERE NOT wanted.granted AND wanted.transactionid IS NOT NULL
                        AND had.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """
                ).isEmpty { await Task.yield() }
                try await connection.query(
                    "UPDATE sluice.work_items SET priority = 1 WHERE kind = $1", [channel.kind])
                return many
            }
            #expect(try await many.value.count == 2)
        }
    }

    @Test("A ticket is answered by a pass that began after the wish, not by the one under way")
    func tickets() async throws {
        try await withStore { store in
            let first = try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "a"))
            #expect(try await !store.queue.isAnswered(first))
            let lease = try #require(await store.claim())
            let second = try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "b"))
            #expect(try await !store.queue.isAnswered(first))
            try await store.queue.end(lease, PassEnd())
            #expect(try await store.queue.isAnswered(first))
            #expect(try await !store.queue.isAnswered(second))
            try await store.queue.end(try #require(await store.claim()), PassEnd())
            #expect(try await store.queue.isAnswered(second))
        }
    }

    @Test("Keys chosen by strangers are kept as they are")
    func hostileNames() async throws {
        try await withStore { store in
            let ids = [
                "'; DROP TABLE sluice.runs; --", "-rf", "a/b", "ключ🔑", String(repeating: "x", count: 2_000), "\0",
            ]
            for id in ids {
                let lease = try await store.lease(on: candidate(id))
                #expect(lease.key.components.last == id)
                try await store.queue.end(lease, PassEnd())
            }
        }
    }
}
