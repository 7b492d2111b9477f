public import DesiredState
public import Foundation

/// An object to be stored: who it is and what it should be.
public struct DesiredResource: Hashable, Sendable {
    /// Who it is.
    public var key: ResourceKey
    /// What people and programs noted on it.
    public var metadata: JSONValue
    /// What should be.
    public var spec: JSONValue
    /// The object it belongs to, when it was made on behalf of another.
    public var owner: ResourceKey?
    /// Whether it is to be left alone; nil leaves that as it is.
    public var suspended: Bool?

    /// Makes an object to be stored.
    public init(
        _ key: ResourceKey, spec: JSONValue, metadata: JSONValue = [:], owner: ResourceKey? = nil,
        suspended: Bool? = nil
    ) {
        self.key = key
        self.spec = spec
        self.metadata = metadata
        self.owner = owner
        self.suspended = suspended
    }
}

/// An object as it is stored: what should be, what is, and what it waits for.
public struct StoredResource: Hashable, Sendable {
    /// Who it is.
    public let key: ResourceKey
    /// The object it belongs to.
    public let owner: ResourceKey?
    /// What people and programs noted on it.
    public let metadata: JSONValue
    /// What should be.
    public let spec: JSONValue
    /// Rises by one whenever ``spec`` changes, and only then.
    public let generation: Int64
    /// The generation that ``status`` speaks of; 0 when it was never looked at.
    public let observedGeneration: Int64
    /// The kind's own words on how things are.
    public let status: JSONValue
    /// Ready, Reconciling, Stalled.
    public let conditions: [Condition]
    /// What it waits for.
    public let waiting: WaitingOn?
    /// When it will be looked at next, when that is known.
    public let nextLook: Date?
    /// The latest pass that came to an end; nil when none did.
    public let lastHandled: HandledReconcile?
    /// Whether it is left alone.
    public let suspended: Bool
    /// When its removal was asked for; its reconciler takes it down and then removes it.
    public let deletionRequestedAt: Date?
    /// When it was first stored.
    public let createdAt: Date
    /// When anything of it last changed.
    public let updatedAt: Date

    /// Whether the status speaks of the spec as it is now.
    public var isObserved: Bool { observedGeneration == generation }
}

/// A pass over an object that came to an end, good or bad: whoever asked for this pass, or an earlier one, is answered.
public struct HandledReconcile: Hashable, Sendable {
    /// The pass, as a ``WorkTicket`` names it.
    public let pass: Int64
    /// When it ended.
    public let at: Date
}

/// What an object that is not ready waits for.
public struct WaitingOn: Hashable, Sendable {
    /// What, in words that are safe to show anyone: `the base template of master 1f2e3d4`.
    public let what: String
    /// Since when it waits for exactly this.
    public let since: Date
}

/// What storing an object changed.
public struct ResourceChange: Hashable, Sendable {
    /// What happened.
    public enum Effect: String, Hashable, Sendable {
        /// It was not there.
        case created
        /// Its spec is another: the generation has risen.
        case specChanged
        /// Only what surrounds the spec changed, or nothing.
        case kept
    }

    /// The object.
    public let key: ResourceKey
    /// Its generation now.
    public let generation: Int64
    /// What happened.
    public let effect: Effect
}
