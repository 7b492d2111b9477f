import StateStore
import StateStoreSupport
import Testing

@Suite("Turns")
struct TurnTests {
    @Test("A place is one pass's at a time, whatever process it is of, until that gives it back or ends")
    func turns() async throws {
        try await withStore { store in
            let first = try await store.lease(on: candidate("1"), worker: "one")
            let second = try await store.lease(on: candidate("2"), worker: "two")
            #expect(try await store.turns.take("uat", under: first))
            #expect(try await !store.turns.take("uat", under: second))
            #expect(try await store.turns.take("production", under: second))
            // What is another's cannot be given back.
            try await store.turns.giveBack("uat", under: second)
            #expect(try await !store.turns.take("uat", under: second))
            try await store.turns.giveBack("uat", under: first)
            #expect(try await store.turns.take("uat", under: second))
            #expect(try await !store.turns.take("uat", under: first))
            try await store.queue.end(second, PassEnd(next: .whenAsked))
            #expect(try await store.turns.take("uat", under: first))
        }
    }

    @Test("F-04 The turn of a worker that was paused lasts until its key is taken over, and it takes no other")
    func paused() async throws {
        try await withStore { store in
            let paused = try await store.lease(on: candidate("1"), worker: "paused")
            let heir = try await store.lease(on: candidate("2"), worker: "heir")
            #expect(try await store.turns.take("uat", under: paused))
            try await store.queue.expireLeases(heldBy: "paused")
            #expect(try await !store.turns.take("uat", under: heir))
            try await store.bury(paused)
            #expect(try await store.turns.take("uat", under: heir))
            await #expect(throws: StateStoreError.leaseLost(paused.key)) {
                try await store.turns.take("production", under: paused)
            }
            // Nor does it end the turn of the heir.
            try await store.turns.giveBack("uat", under: paused)
            let third = try await store.lease(on: candidate("3"), worker: "third")
            #expect(try await !store.turns.take("uat", under: third))
        }
    }

    @Test("Of many who ask at the same moment, one has the turn")
    func crowd() async throws {
        try await withStore { store in
            var leases: [Lease] = []
            for number in 0..<12 { leases.append(try await store.lease(on: candidate("\(number)"))) }
            for round in 0..<5 {
                let taken = try await withThrowingTaskGroup(of: Lease?.self) { group in
                    for lease in leases {
                        group.addTask { try await store.turns.take("uat", under: lease) ? lease : nil }
                    }
                    return try await group.reduce(into: [Lease]()) { taken, lease in taken += [lease].compactMap(\.self)
                    }
                }
                #expect(taken.count == 1)
                // Every other time the holder leaves it as it stands.
                guard let holder = taken.first else { continue }
                if round.isMultiple(of: 2) {
                    try await store.turns.giveBack("uat", under: holder)
                } else {
                    try await store.queue.end(holder, PassEnd(next: .whenAsked))
                    leases.removeAll { $0 == holder }
                }
            }
        }
    }
}
