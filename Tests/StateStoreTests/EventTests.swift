import DesiredState
import StateStore
import StateStoreSupport
import Testing

@Suite("Events")
struct EventTests {
    let key = candidate("1")

    @Test("A repeat is counted on the event it repeats and moves it to the front")
    func repeats() async throws {
        try await withStore { store in
            let failed = NewEvent(.warning, reason: "DeployFailed", message: "no such table")
            try await store.events.append([failed], to: key)
            try await store.events.append([NewEvent(.normal, reason: "Cloned", message: "from base")], to: key)
            try await store.events.append([failed, failed], to: key)
            let events = try await store.events.list(of: key).elements
            #expect(events.map(\.reason) == ["DeployFailed", "Cloned"])
            #expect(events.map(\.count) == [3, 1])
            #expect(events[0].lastSeen > events[0].firstSeen)
        }
    }

    @Test("An object keeps a bounded number of different events, the newest")
    func bounded() async throws {
        try await withStore { store in
            for number in 0..<(EventLog.maximumPerObject + 20) {
                try await store.events.append([NewEvent(.normal, reason: "N", message: "\(number)")], to: key)
            }
            try await store.events.append([NewEvent(.normal, reason: "N", message: "x")], to: candidate("2"))
            let events = try await store.events.list(of: key, page: PageRequest(limit: 500)).elements
            #expect(events.count == EventLog.maximumPerObject)
            #expect(events.last?.message == "20")
            #expect(try await store.events.list(page: PageRequest(limit: 500)).elements.count == events.count + 1)
        }
    }
}
