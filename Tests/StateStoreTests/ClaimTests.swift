import DesiredState
import NIOConcurrencyHelpers
import StateStore
import StateStoreSupport
import Testing

@Suite("Claiming")
struct ClaimTests {
    @Test("Eight workers racing for keys: each key runs on one at a time, none is forgotten, fences only rise")
    func race() async throws {
        try await withStore { store in
            let keys = (0..<40).map { candidate(String($0)) }
            try await store.queue.enqueue(keys.map { EnqueueRequest($0, lane: .deploy, reason: "race") })
            let running = NIOLockedValueBox<Set<ResourceKey>>([])
            let fences = NIOLockedValueBox<[ResourceKey: [Int64]]>([:])
            try await withThrowingTaskGroup { group in
                for worker in 0..<8 {
                    group.addTask {
                        while let lease = try await store.claim(worker: "worker \(worker)") {
                            #expect(running.withLockedValue { $0.insert(lease.key).inserted })
                            fences.withLockedValue { $0[lease.key, default: []].append(lease.fence) }
                            if lease.pass == 1 {
                                try await store.queue.enqueue(
                                    EnqueueRequest(lease.key, lane: .deploy, reason: "once more"))
                            }
                            running.withLockedValue { _ = $0.remove(lease.key) }
                            try await store.queue.end(lease, PassEnd())
                        }
                    }
                }
                try await group.waitForAll()
            }
            // Two that looked at the last key at one moment have both turned away; who asks again gets it.
            while let lease = try await store.claim(worker: "worker 9") {
                fences.withLockedValue { $0[lease.key, default: []].append(lease.fence) }
                if lease.pass == 1 {
                    try await store.queue.enqueue(EnqueueRequest(lease.key, lane: .deploy, reason: "once more"))
                }
                try await store.queue.end(lease, PassEnd())
            }
            let seen = fences.withLockedValue(\.self)
            #expect(seen.count == keys.count)
            #expect(seen.values.allSatisfy { $0.count == 2 && $0 == $0.sorted() })
            #expect(try await store.queue.census() == [.deploy: [.idle: keys.count]])
        }
    }

    @Test("The lanes are apart: work in one is invisible in the other")
    func lanes() async throws {
        try await withStore { store in
            try await store.queue.enqueue(EnqueueRequest(candidate("1"), lane: .observe, reason: "x"))
            #expect(try await store.claim(.deploy) == nil)
            #expect(try await store.claim(.observe) != nil)
        }
    }

    @Test("Keys of a kind that the worker does not know are left for others")
    func kinds() async throws {
        try await withStore { store in
            let key = ResourceKey(kind: "Release", name: "r1")
            try await store.queue.enqueue(EnqueueRequest(key, lane: .deploy, reason: "x"))
            #expect(try await store.claim() == nil)
            #expect(try await store.queue.item(key)?.state == .waiting)
        }
    }

    @Test("A tenant never holds more of a worker's places than its limit, however much it has waiting")
    func tenantLimit() async throws {
        try await withStore { store in
            try await store.queue.enqueue(
                (0..<10).map {
                    EnqueueRequest(candidate("\($0)", of: "land"), lane: .deploy, reason: "flood", priority: 9)
                })
            let first = try #require(await store.claim(tenantLimit: 2))
            #expect(try await store.claim(tenantLimit: 2) != nil)
            #expect(try await store.claim(tenantLimit: 2) == nil)
            try await store.queue.enqueue(EnqueueRequest(candidate("1", of: "water"), lane: .deploy, reason: "x"))
            #expect(try await store.claim(tenantLimit: 2)?.tenant == "water")
            #expect(try await store.claim(worker: "another process", tenantLimit: 2)?.tenant == "land")
            try await store.queue.end(first, PassEnd())
            #expect(try await store.claim(tenantLimit: 2)?.tenant == "land")
        }
    }

    @Test("Without limits, tenants take turns: the one with the fewest keys running goes first")
    func turns() async throws {
        try await withStore { store in
            try await store.queue.enqueue(
                (0..<5).map { EnqueueRequest(candidate("\($0)", of: "land"), lane: .deploy, reason: "first") })
            try await store.queue.enqueue(
                (0..<2).map { EnqueueRequest(candidate("\($0)", of: "water"), lane: .deploy, reason: "later") })
            var tenants: [String] = []
            while let lease = try await store.claim() { tenants.append(lease.tenant) }
            #expect(tenants == ["land", "water", "land", "water", "land", "land", "land"])
        }
    }

    @Test("Higher priority goes first, and counts for one pass only")
    func priority() async throws {
        try await withStore { store in
            try await store.queue.enqueue(EnqueueRequest(candidate("1"), lane: .deploy, reason: "bulk"))
            try await store.queue.enqueue(EnqueueRequest(candidate("2"), lane: .deploy, reason: "push", priority: 10))
            let urgent = try #require(await store.claim())
            #expect(urgent.key == candidate("2"))
            try await store.queue.end(urgent, PassEnd(next: .after(.zero)))
            #expect(try await store.claim()?.key == candidate("1"))
        }
    }

    @Test("What has waited for minutes is as urgent as what came with priority")
    func ageing() async throws {
        try await withStore { store in
            for (id, priority, delay) in [("old", 0, -601), ("urgent", 10, -1), ("new", 0, -1)] {
                try await store.queue.enqueue(
                    EnqueueRequest(
                        candidate(id), lane: .deploy, reason: "test", delay: .seconds(delay), priority: priority))
            }
            var order: [ResourceKey] = []
            while let lease = try await store.claim() { order.append(lease.key) }
            #expect(order == ["old", "urgent", "new"].map { candidate($0) })
        }
    }

    @Test("The time until the next key is told, so that nobody has to poll for it")
    func nextTime() async throws {
        try await withStore { store in
            #expect(try await store.queue.timeUntilNext(in: .deploy) == nil)
            try await store.queue.enqueue(
                EnqueueRequest(candidate("1"), lane: .deploy, reason: "later", delay: .seconds(3_600)))
            let later = try #require(await store.queue.timeUntilNext(in: .deploy))
            #expect(later > .seconds(3_000) && later <= .seconds(3_600))
            try await store.queue.enqueue(EnqueueRequest(candidate("2"), lane: .deploy, reason: "now"))
            let same = try #require(await store.queue.timeUntilNext(in: .deploy), "what is due is not awaited")
            #expect(same <= later)
        }
    }
}
