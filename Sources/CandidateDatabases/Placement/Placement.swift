/// Decides on which server a candidate's databases are. Pure.
///
/// A candidate stays where it is: moving would cost a build and change the address that people have. So the decision is
/// made once, when there is nothing of it anywhere, and recorded in its status; were that lost, its database tells.
public enum Placement: Hashable, Sendable {
    /// It is on that server, or was sent there.
    case stays(on: String)
    /// It goes to that server.
    case goes(to: String)
    /// No server takes it now.
    case waits

    /// Why a server can take nothing.
    public enum Trouble: Hashable, Sendable {
        /// It cannot be reached: what is there is not known.
        case unreachable
        /// Its reference database is another one than on the registry's own server: its verdicts would be others.
        case otherReference
        /// What its reference database should be is not known: the registry's own server was never seen, and is away.
        case unknownReference
    }

    /// How a server stands, as far as a new candidate is concerned.
    public struct Standing: Hashable, Sendable {
        /// The server's name.
        public var name: String
        /// Whether there is a database of the candidate on it.
        public var holdsCandidate: Bool
        /// Why it can take nothing; nil when it can.
        public var trouble: Trouble?
        /// Whether it is to take no new candidates.
        public var isDrained: Bool
        /// How many other candidates are there, or were sent there.
        public var candidates: Int
        /// How many there may be; nil for no limit.
        public var capacity: Int?

        /// Makes a standing.
        public init(
            _ name: String, candidates: Int = 0, of capacity: Int? = nil, isDrained: Bool = false,
            trouble: Trouble? = nil, holdsCandidate: Bool = false
        ) {
            self.name = name
            self.holdsCandidate = holdsCandidate
            self.trouble = trouble
            self.isDrained = isDrained
            self.candidates = candidates
            self.capacity = capacity
        }

        fileprivate var isOpen: Bool { trouble == nil && !isDrained && !isFull }

        private var isFull: Bool { capacity.map { candidates >= $0 } ?? false }

        /// Why it takes no new candidate, in words; nil when it does.
        /// - Parameters:
        ///   - own: The registry's own server.
        ///   - failure: What came of looking at this one.
        func refusal(own: String, failure: String? = nil) -> String? {
            switch trouble {
            case .unreachable: "\(name) cannot be looked at\(failure.map { ": \($0)" } ?? "")"
            case .otherReference: "\(name) has another reference database than \(own)"
            case .unknownReference: "what the reference database of \(name) should be is known once \(own) is back"
            case nil where isDrained: "\(name) is drained"
            case nil where isFull: "\(name) is full"
            case nil: nil
            }
        }
    }

    /// Decides.
    ///
    /// - Parameters:
    ///   - recorded: Where the candidate was sent, when somebody remembers.
    ///   - servers: Those on which it may be, the preferred first. One that is no longer among them keeps nobody.
    public static func decide(recorded: String?, _ servers: [Standing]) -> Placement {
        let former = servers.first { $0.name == recorded }
        if let former, former.holdsCandidate || former.trouble == .unreachable { return .stays(on: former.name) }
        if let holder = servers.first(where: \.holdsCandidate) { return .stays(on: holder.name) }
        // It was sent there and nothing was made yet.
        if let former, former.isOpen { return .stays(on: former.name) }
        let open = servers.filter(\.isOpen)
        // Shares can be compared only when every server has one.
        let hasShares = open.allSatisfy { $0.capacity != nil }
        let best = open.enumerated().min { one, other in
            let (a, b) = (one.element, other.element)
            let (load, otherLoad) =
                hasShares
                ? (a.candidates * (b.capacity ?? 1), b.candidates * (a.capacity ?? 1)) : (a.candidates, b.candidates)
            return (load, one.offset) < (otherLoad, other.offset)
        }
        return best.map { .goes(to: $0.element.name) } ?? .waits
    }
}
