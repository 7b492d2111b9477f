import Testing

@testable import PostgresClient

struct PoolStateTests {
    private typealias State = PoolState<Int, String>

    private func words(_ admission: State.Admission) -> String {
        switch admission {
        case .use(let connection): "use \(connection)"
        case .open: "open"
        case .wait: "wait"
        case .refuse: "refuse"
        }
    }

    private func words(_ handover: State.Handover) -> String {
        switch handover {
        case .resume(let waiter, let connection): "resume \(waiter) with \(connection.map(String.init) ?? "room")"
        case .close(let connection): "close \(connection)"
        case .none: "none"
        }
    }

    @Test("Connections are opened up to the size, then requests wait and are served in their order")
    func order() {
        var state = State(size: 2)
        #expect(words(state.ask(1, "a")) == "open")
        #expect(words(state.ask(2, "b")) == "open")
        #expect(words(state.ask(3, "c")) == "wait")
        #expect(words(state.ask(4, "d")) == "wait")
        #expect(words(state.giveBack(11)) == "resume c with 11")
        #expect(words(state.giveUpRoom()) == "resume d with room")
        #expect(words(state.giveBack(12)) == "none")
        #expect(words(state.ask(5, "e")) == "use 12")
        #expect(state.counts == (open: 2, idle: 0, waiting: 0))
    }

    @Test("Who leaves the line is not served; who has been served cannot leave")
    func leaving() {
        var state = State(size: 1)
        _ = state.ask(1, "a")
        _ = state.ask(2, "b")
        _ = state.ask(3, "c")
        #expect(state.leave(2) == "b")
        #expect(state.leave(2) == nil)
        #expect(words(state.giveBack(11)) == "resume c with 11")
        #expect(state.leave(3) == nil)
    }

    @Test("A broken connection leaves its room to the next request")
    func broken() {
        var state = State(size: 1)
        _ = state.ask(1, "a")
        #expect(words(state.giveUpRoom()) == "none")
        #expect(state.counts == (open: 0, idle: 0, waiting: 0))
        #expect(words(state.ask(2, "b")) == "open")
    }

    @Test("A closed pool refuses, and closes what comes back")
    func closing() {
        var state = State(size: 2)
        _ = state.ask(1, "a")
        _ = state.ask(2, "b")
        _ = state.ask(3, "c")
        let (connections, waiters) = state.close()
        #expect(connections.isEmpty)
        #expect(waiters == ["c"])
        #expect(words(state.ask(4, "d")) == "refuse")
        #expect(words(state.giveBack(11)) == "close 11")
        #expect(words(state.giveUpRoom()) == "none")
        #expect(state.counts == (open: 0, idle: 0, waiting: 0))
    }
}
