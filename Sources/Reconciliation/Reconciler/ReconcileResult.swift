public import DesiredState
public import StateStore

/// How a pass left its object. It becomes the object's conditions, what it waits for, and when it is looked at next.
public struct ReconcileResult: Hashable, Sendable {
    /// How things are.
    public enum Standing: Hashable, Sendable {
        /// The world is as the spec says.
        case ready
        /// Something else has to happen first: a sentence, safe to show anyone.
        case waiting(on: String)
        /// The input is wrong; nothing is tried until this changes: a sentence, safe to show anyone.
        case stalled(until: String)
        /// There is more to do; the conditions stay as they are.
        case unfinished
        /// It is gone from the world, and its row may go.
        case removed
    }

    /// How things are.
    public var standing: Standing
    /// Why, as one word in upper camel case.
    public var reason: String
    /// Why, as a sentence that is safe to show anyone.
    public var message: String
    /// After how long it is looked at again; nil when it is not, unless the reconciler has a resync interval.
    public var lookAgain: Duration?
    /// The lane in which it is looked at again; nil for the same.
    public var lane: Lane?

    /// Makes a result.
    public init(
        _ standing: Standing, reason: String, message: String, lookAgain: Duration? = nil, lane: Lane? = nil
    ) {
        self.standing = standing
        self.reason = reason
        self.message = message
        self.lookAgain = lookAgain
        self.lane = lane
    }
}

extension ReconcileResult {
    /// The world is as the spec says.
    public static func ready(
        _ message: String, reason: String = "Succeeded", lookAgain: Duration? = nil
    ) -> ReconcileResult {
        ReconcileResult(.ready, reason: reason, message: message, lookAgain: lookAgain)
    }

    /// Something else has to happen first; looked at again after `lookAgain`, or sooner when the key is enqueued.
    public static func waiting(
        on what: String, reason: String = "Waiting", lookAgain: Duration? = nil
    ) -> ReconcileResult {
        ReconcileResult(.waiting(on: what), reason: reason, message: "waiting for \(what)", lookAgain: lookAgain)
    }

    /// The input is wrong.
    public static func stalled(
        _ message: String, reason: String, until change: String = "a change of its input"
    ) -> ReconcileResult {
        ReconcileResult(.stalled(until: change), reason: reason, message: message)
    }

    /// There is more to do: at once, in a lane.
    public static func unfinished(continueIn lane: Lane) -> ReconcileResult {
        ReconcileResult(
            .unfinished, reason: "Queued", message: "queued in the lane \(lane.rawValue)", lookAgain: .zero, lane: lane)
    }

    /// It is gone from the world, and its row may go.
    public static let removed = ReconcileResult(.removed, reason: "Removed", message: "removed")
}

extension ReconcileResult {
    /// The object is suspended, and everything of it is left as it is.
    ///
    /// - Parameters:
    ///   - object: what it is, as it stands in a sentence: `the registry`.
    ///   - field: what is taken off to have it go on, when the suspension does not run out by itself.
    public static func suspended(
        _ object: String, _ suspension: Suspension, by field: String = "spec.suspend"
    ) -> ReconcileResult {
        .stalled(
            "\(object) is \(suspension)", reason: "Suspended",
            until: suspension.until == nil ? "\(field) is taken off" : "the suspension runs out")
    }
}
