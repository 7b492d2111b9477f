import DesiredState
import PostgresClient
import StateStore
import StateStoreSupport
import Testing

@Suite("Objects")
struct ResourceTests {
    let key = ResourceKey(kind: "Registry", name: "land")

    @Test("The generation rises when the spec changes, and only then")
    func generations() async throws {
        try await withStore { store in
            func put(_ spec: JSONValue, _ metadata: JSONValue = [:]) async throws -> ResourceChange {
                try #require(
                    await store.resources.store([DesiredResource(key, spec: spec, metadata: metadata)]).first)
            }
            #expect(try await put(["branch": "main", "n": 1]).effect == .created)
            #expect(try await put(["n": 1, "branch": "main"]).effect == .kept)
            #expect(try await put(["n": 1, "branch": "main"], ["labels": ["a": "b"]]).effect == .kept)
            let changed = try await put(["branch": "next"])
            #expect(changed.effect == .specChanged && changed.generation == 2)
            #expect(try await self.get(store: store).metadata == [:])
        }
    }

    private func get(store: StateStore) async throws -> StoredResource {
        try #require(await store.resources.get(key))
    }

    @Test("Objects are found by why they are ready, while their present spec is the one that was looked at")
    func readyFor() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: [:])])
            func found(_ reasons: Set<String>) async throws -> [String] {
                try await store.resources.names(ofKind: "Registry", readyFor: reasons)
            }
            let lease = try await store.leaseOnRegistry(key)
            #expect(try await found(["Released"]) == [])
            try await store.resources.write(
                StatusReport(
                    [.init(.ready, .true, reason: "Released", message: "all of it")], observedGeneration: 1),
                under: lease)
            #expect(try await found(["Released", "Cancelled"]) == ["land"])
            #expect(try await found(["Cancelled"]) == [])
            #expect(try await found([]) == [])
            try await store.resources.store([DesiredResource(key, spec: ["n": 1])])
            #expect(try await found(["Released"]) == [])
        }
    }

    @Test("Objects are stored all or none")
    func allOrNone() async throws {
        try await withStore { store in
            let tooLong = ResourceKey(kind: "Registry", name: String((0..<9_000).map { _ in Character.random }))
            await #expect(throws: PostgresError.self) {
                try await store.resources.store([
                    DesiredResource(key, spec: [:]), DesiredResource(tooLong, spec: [:]),
                ])
            }
            let stored = try await store.resources.list(kind: "Registry")
            #expect(stored.isEmpty)
        }
    }

    @Test("A report sets conditions, status and what is waited for, and keeps what it does not mention")
    func reports() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: [:])])
            let lease = try await store.leaseOnRegistry(key)
            try await store.resources.write(
                StatusReport(
                    [.init(.ready, .false, reason: "Waiting", message: "not yet")], status: ["seen": 3],
                    observedGeneration: 1, waiting: .on("the forge")), under: lease)
            try await store.resources.write(
                StatusReport([.init(.reconciling, .true, reason: "Run", message: "run 1")]), under: lease)
            let resource = try await get(store: store)
            #expect(resource.status == ["seen": 3] && resource.isObserved)
            #expect(resource.waiting?.what == "the forge")
            #expect(resource.conditions.map(\.type) == [.ready, .reconciling])
            try await store.resources.write(
                StatusReport([.init(.ready, .true, reason: "Ok", message: "ok")], waiting: .nothing), under: lease)
            #expect(try await get(store: store).waiting == nil)
            #expect(try await get(store: store).conditions[.ready]?.status == .true)
        }
    }

    @Test("Since when something is waited for stays true while it is the same thing")
    func waitingSince() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: [:])])
            let lease = try await store.leaseOnRegistry(key)
            func wait(on what: String) async throws -> WaitingOn? {
                try await store.resources.write(
                    StatusReport(status: ["w": .string(what)], waiting: .on(what)), under: lease)
                return try await get(store: store).waiting
            }
            let first = try #require(await wait(on: "a"))
            #expect(try await wait(on: "a")?.since == first.since)
            let second = try #require(await wait(on: "b"))
            #expect(second.since > first.since)
        }
    }

    @Test("The next look is when the queue will look")
    func nextLook() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: [:])])
            #expect(try await get(store: store).nextLook == nil)
            try await store.queue.enqueue(
                EnqueueRequest(key, lane: .observe, reason: "timer", delay: .seconds(3_600)))
            let item = try #require(await store.queue.item(key))
            #expect(try await get(store: store).nextLook == item.notBefore)
        }
    }

    @Test("A deletion is asked for, and taken back by storing the object again")
    func deletion() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: [:])])
            let missing = ResourceKey(kind: "Registry", name: "nowhere")
            #expect(try await store.resources.requestDeletion(of: [key, missing]) == [key])
            #expect(try await get(store: store).deletionRequestedAt != nil)
            try await store.resources.store([DesiredResource(key, spec: [:])])
            #expect(try await get(store: store).deletionRequestedAt == nil)
        }
    }

    @Test("An object that its reconciler took down is gone with the end of the pass, and so is its key")
    func removal() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: [:])])
            let lease = try await store.leaseOnRegistry(key)
            try await store.queue.end(lease, PassEnd(removesResource: true))
            #expect(try await store.resources.get(key) == nil)
            #expect(try await store.queue.item(key) == nil)
        }
    }

    @Test("An object that is desired again, as it was, while it is taken down stays")
    func changeOfMind() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: ["n": 1])])
            try await store.resources.requestDeletion(of: [key])
            let lease = try await store.leaseOnRegistry(key)
            try await store.resources.store([DesiredResource(key, spec: ["n": 1])])
            try await store.queue.end(
                lease, PassEnd(report: StatusReport(observedGeneration: 1), removesResource: true))
            #expect(try await get(store: store).deletionRequestedAt == nil)
        }
    }

    @Test("An object whose spec changed while it was taken down stays")
    func removalRace() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: ["n": 1])])
            let lease = try await store.leaseOnRegistry(key)
            try await store.resources.store([DesiredResource(key, spec: ["n": 2])])
            try await store.queue.end(
                lease, PassEnd(report: StatusReport(observedGeneration: 1), removesResource: true))
            #expect(try await get(store: store).generation == 2)
        }
    }

    @Test("Objects are listed by kind, by what their names begin with, and by owner")
    func listing() async throws {
        try await withStore { store in
            try await store.resources.store(
                ["2", "1"].map { DesiredResource(candidate($0), spec: [:], owner: key) }
                    + [DesiredResource(candidate("1", of: "landscape"), spec: [:]), DesiredResource(key, spec: [:])])
            let all = try await store.resources.list(kind: "Candidate")
            #expect(all.map(\.key.name) == ["land/1", "land/2", "landscape/1"])
            #expect(try await store.resources.list(kind: "Candidate", prefix: "land/").count == 2)
            #expect(
                try await store.resources.list(kind: "Candidate", after: "land/1", limit: 1).map(\.key.name) == [
                    "land/2"
                ])
            #expect(try await store.resources.list(ownedBy: key).map(\.key) == [candidate("1"), candidate("2")])
            #expect(all.first?.owner == key)
        }
    }

    @Test("A suspended object stays so until it is resumed, whoever stores it meanwhile")
    func suspension() async throws {
        try await withStore { store in
            try await store.resources.store([DesiredResource(key, spec: [:])])
            #expect(try await store.resources.suspend(key))
            try await store.resources.store([DesiredResource(key, spec: ["n": 2])])
            #expect(try await get(store: store).suspended)
            try await store.resources.store([DesiredResource(key, spec: ["n": 2], suspended: false)])
            #expect(try await !get(store: store).suspended)
        }
    }
}

extension Character {
    /// A letter that compression makes nothing of.
    fileprivate static var random: Character { Character(Unicode.Scalar(UInt8.random(in: 97...122))) }
}

extension StateStore {
    fileprivate func leaseOnRegistry(_ key: ResourceKey) async throws -> Lease {
        try await queue.enqueue(EnqueueRequest(key, lane: .observe, reason: "test"))
        return try #require(
            await queue.claim(lane: .observe, kinds: [key.kind], worker: "one", leaseFor: .seconds(600)))
    }
}
