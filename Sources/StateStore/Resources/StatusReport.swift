public import DesiredState

/// What a pass has to say of an object at its end. What is nil stays as it is.
public struct StatusReport: Hashable, Sendable {
    /// One condition to be set; when it last changed is found out by comparing with what is stored.
    public struct Statement: Hashable, Sendable {
        /// What is spoken of.
        public let type: Condition.Kind
        /// Whether it holds.
        public let status: Condition.Status
        /// Why, as one word in upper camel case.
        public let reason: String
        /// Why, as a sentence that is safe to show anyone.
        public let message: String

        /// Makes a statement.
        public init(_ type: Condition.Kind, _ status: Condition.Status, reason: String, message: String) {
            self.type = type
            self.status = status
            self.reason = reason
            self.message = message
        }
    }

    /// What the object waits for.
    public enum Waiting: Hashable, Sendable {
        /// As before.
        case unchanged
        /// For nothing.
        case nothing
        /// For this, in words that are safe to show anyone.
        case on(String)
    }

    /// The conditions to set.
    public var statements: [Statement]
    /// The kind's own words.
    public var status: JSONValue?
    /// The generation that was looked at.
    public var observedGeneration: Int64?
    /// What it waits for.
    public var waiting: Waiting

    /// Makes a report.
    public init(
        _ statements: [Statement] = [], status: JSONValue? = nil, observedGeneration: Int64? = nil,
        waiting: Waiting = .unchanged
    ) {
        self.statements = statements
        self.status = status
        self.observedGeneration = observedGeneration
        self.waiting = waiting
    }
}
