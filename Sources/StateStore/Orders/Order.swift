public import DesiredState
public import Foundation

/// Something that a person asks of an object once, beyond what its spec says. The object's reconciler carries it out, or
/// says why it does not; either way that is remembered.
public struct Order: Hashable, Sendable {
    /// What became of an order.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// Nobody has looked at it yet.
        case waiting
        /// It was carried out.
        case done
        /// It could not be, and never will be.
        case refused
    }

    /// Orders are numbered in the order in which they were given.
    public let id: Int64
    /// Of which object it is asked.
    public let key: ResourceKey
    /// What is asked, in the kind's own words.
    public let verb: String
    /// What goes with it.
    public let arguments: JSONValue
    /// Who asks.
    public let actor: String
    /// When it was given.
    public let givenAt: Date
    /// What became of it.
    public let outcome: Outcome
    /// What came of it, or why nothing did: a sentence; nil while it waits.
    public let answer: String?
    /// When it was answered; nil while it waits.
    public let answeredAt: Date?
}

/// An order that is to be given.
public struct NewOrder: Hashable, Sendable {
    /// Of which object it is asked.
    public var key: ResourceKey
    /// What is asked.
    public var verb: String
    /// What goes with it. No secrets.
    public var arguments: JSONValue
    /// Who asks.
    public var actor: String

    /// Makes an order.
    public init(_ verb: String, of key: ResourceKey, _ arguments: JSONValue = [:], by actor: String) {
        self.key = key
        self.verb = verb
        self.arguments = arguments
        self.actor = actor
    }
}
