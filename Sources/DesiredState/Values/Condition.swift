public import Foundation

/// One thing the controller says of a resource in its status: whether it holds, why, and since when.
public struct Condition: Hashable, Sendable, Codable {
    /// What is spoken of.
    public struct Kind: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral {
        /// The word, in upper camel case.
        public let rawValue: String
        /// Makes a kind of its word.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Makes a kind of its word.
        public init(stringLiteral value: String) { self.init(rawValue: value) }

        /// The world is as the spec says.
        public static let ready: Kind = "Ready"
        /// A run is under way or waits for its turn.
        public static let reconciling: Kind = "Reconciling"
        /// The input is wrong: nothing is tried until it changes.
        public static let stalled: Kind = "Stalled"
    }

    /// Whether it holds.
    public enum Status: String, Sendable, Codable {
        /// It holds.
        case `true` = "True"
        /// It does not hold.
        case `false` = "False"
        /// Not observed yet.
        case unknown = "Unknown"
    }

    /// What is spoken of.
    public let type: Kind
    /// Whether it holds.
    public let status: Status
    /// Why, as one word in upper camel case that a program may match.
    public let reason: String
    /// Why, as a sentence that is safe to show anyone.
    public let message: String
    /// When ``status`` last changed.
    public let lastTransitionTime: Date

    /// Makes a condition.
    public init(type: Kind, status: Status, reason: String, message: String, lastTransitionTime: Date) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.lastTransitionTime = lastTransitionTime
    }
}

extension [Condition] {
    /// The condition of a kind, nil when it was never set.
    public subscript(_ type: Condition.Kind) -> Condition? { first { $0.type == type } }

    /// Sets a condition. Its transition time is kept from the one before when the status did not change, so that
    /// "not ready since" stays true while reasons and messages move on.
    public mutating func set(_ condition: Condition) {
        guard let index = firstIndex(where: { $0.type == condition.type }) else {
            append(condition)
            return
        }
        let since =
            self[index].status == condition.status ? self[index].lastTransitionTime : condition.lastTransitionTime
        self[index] = Condition(
            type: condition.type, status: condition.status, reason: condition.reason, message: condition.message,
            lastTransitionTime: since)
    }
}
