public import DesiredState
import Diagnostics
public import GitClient
public import StateStore

/// What people may ask of an upstream once. What should be of it in the long run stands in its spec.
public enum TrackingCommand: Hashable, Sendable {
    /// The cursor goes to a commit of upstream's branch: the package has everything up to there.
    case moveCursor(to: ObjectID)
    /// What was refused is proposed again.
    case reopen

    /// What it is called where orders are kept.
    public var verb: String {
        switch self {
        case .moveCursor: "move-cursor"
        case .reopen: "reopen"
        }
    }

    /// What goes with it.
    public var arguments: JSONValue {
        switch self {
        case .moveCursor(let commit): ["commit": .string(commit.hex)]
        case .reopen: [:]
        }
    }

    /// Reads a command; nil when it is none.
    public init?(verb: String, arguments: JSONValue) {
        switch verb {
        case "move-cursor":
            guard let commit = arguments["commit"]?.string.flatMap({ ObjectID(exactly: $0) }) else { return nil }
            self = .moveCursor(to: commit)
        case "reopen": self = .reopen
        default: return nil
        }
    }

    /// As an order of an upstream.
    public func order(of upstream: String, by actor: String) -> NewOrder {
        NewOrder(
            verb, of: ResourceKey(kind: ResourceKind.upstream.rawValue, name: upstream), arguments, by: actor)
    }
}

/// An order that waits, with what was found about it.
public struct TrackingOrder: Hashable, Sendable {
    /// Its number.
    public var id: Int64
    /// Who gave it.
    public var actor: String
    /// What is asked; nil when it is not understood.
    public var command: TrackingCommand?
    /// Why it cannot be carried out, a sentence; nil when it can.
    public var obstacle: String?

    /// Makes an order.
    public init(id: Int64, actor: String, command: TrackingCommand?, obstacle: String? = nil) {
        self.id = id
        self.actor = actor
        self.command = command
        self.obstacle = obstacle
    }

    /// What is said when it was carried out.
    var answer: String {
        if let obstacle { return obstacle }
        return switch command {
        case .moveCursor(let commit)?: "the cursor is at \(commit.abbreviated)"
        case .reopen?: "what was refused is proposed again"
        case nil: "nobody knows what that means"
        }
    }

    var outcome: Order.Outcome { obstacle == nil && command != nil ? .done : .refused }
}

extension TrackingStatus {
    /// What is remembered once an order was carried out.
    func obeying(_ order: TrackingOrder) -> TrackingStatus {
        guard order.outcome == .done, let command = order.command else { return self }
        var status = self
        status.refused = nil
        status.ended = nil
        status.told = nil
        if case .moveCursor(let commit) = command {
            status.cursor = commit
            status.known = nil
            status.covered = nil
            status.base = nil
            status.patches = []
        }
        return status
    }
}
