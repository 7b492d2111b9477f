public import DesiredState
public import Foundation

/// Something worth telling people about an object.
public struct Event: Hashable, Sendable, Identifiable {
    /// How bad it is.
    public enum Severity: String, Sendable, Codable {
        /// As it should be.
        case normal = "Normal"
        /// Somebody may have to act.
        case warning = "Warning"
    }

    /// Rises with every event and every repeat: a reader that remembers the last one seen misses nothing.
    public let id: Int64
    /// The object.
    public let key: ResourceKey
    /// How bad it is.
    public let severity: Severity
    /// What happened, as one word in upper camel case.
    public let reason: String
    /// What happened, as a sentence that is safe to show anyone.
    public let message: String
    /// How often it happened.
    public let count: Int64
    /// When it happened first.
    public let firstSeen: Date
    /// When it happened last.
    public let lastSeen: Date
}

/// An event to be recorded.
public struct NewEvent: Hashable, Sendable {
    /// How bad it is.
    public let severity: Event.Severity
    /// What happened, as one word in upper camel case.
    public let reason: String
    /// What happened, as a sentence that is safe to show anyone.
    public let message: String

    /// Makes an event.
    public init(_ severity: Event.Severity, reason: String, message: String) {
        self.severity = severity
        self.reason = reason
        self.message = message
    }
}
