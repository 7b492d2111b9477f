/// Decides who gets which connection. It opens and wakes nothing itself: each step returns what is to be done.
///
/// Connections are handed over in the order in which they were asked for, and the one that was used last is used
/// first, so that a quiet pool keeps few of them busy.
struct PoolState<Connection: Sendable, Waiter: Sendable>: Sendable {
    /// Names one wait.
    typealias Ticket = UInt64

    /// What becomes of a request for a connection.
    enum Admission {
        /// Take this one.
        case use(Connection)
        /// Open one; there is room.
        case open
        /// Wait in line.
        case wait
        /// The pool is closed.
        case refuse
    }

    /// What becomes of a connection that is given back, or of the room that a broken one leaves.
    enum Handover {
        /// Give it to this waiter: the connection, or with nil the right to open one.
        case resume(Waiter, Connection?)
        /// The pool is closed: close the connection.
        case close(Connection)
        /// Nothing.
        case none
    }

    private let size: Int
    private var idle: [Connection] = []
    private var line: [(ticket: Ticket, waiter: Waiter)] = []
    private var open = 0
    private var lastTicket: Ticket = 0
    private var isClosed = false

    init(size: Int) { self.size = max(1, size) }

    /// How many connections are open or being opened, how many of them idle, and how many requests wait.
    var counts: (open: Int, idle: Int, waiting: Int) { (open, idle.count, line.count) }

    /// A name for the next wait.
    mutating func nextTicket() -> Ticket {
        lastTicket += 1
        return lastTicket
    }

    /// Asks for a connection; `waiter` is kept when the answer is to wait.
    mutating func ask(_ ticket: Ticket, _ waiter: @autoclosure () -> Waiter) -> Admission {
        if isClosed { return .refuse }
        if let connection = idle.popLast() { return .use(connection) }
        if open < size {
            open += 1
            return .open
        }
        line.append((ticket, waiter()))
        return .wait
    }

    /// Takes a waiter out of the line; nil when it has been served already.
    mutating func leave(_ ticket: Ticket) -> Waiter? {
        guard let index = line.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        return line.remove(at: index).waiter
    }

    /// Gives a connection back.
    mutating func giveBack(_ connection: Connection) -> Handover {
        if !line.isEmpty { return .resume(line.removeFirst().waiter, connection) }
        if isClosed {
            open -= 1
            return .close(connection)
        }
        idle.append(connection)
        return .none
    }

    /// Gives back the room of a connection that is no more.
    mutating func giveUpRoom() -> Handover {
        if !line.isEmpty { return .resume(line.removeFirst().waiter, nil) }
        open -= 1
        return .none
    }

    /// Closes: no new requests. Returns the connections to close and the waiters to refuse.
    mutating func close() -> (connections: [Connection], waiters: [Waiter]) {
        defer { (idle, line) = ([], []) }
        isClosed = true
        open -= idle.count
        return (idle, line.map(\.waiter))
    }
}
