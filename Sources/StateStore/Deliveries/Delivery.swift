public import DesiredState
public import Foundation

/// What became of a delivery.
///
/// ``waiting`` may become any other; every other may become ``waiting`` again when a person has it handled once more.
public enum DeliveryOutcome: String, Sendable, CaseIterable, Codable {
    /// It is kept and not handled yet.
    case waiting
    /// What it hints at was put into the work queue.
    case queued
    /// It concerns nothing here.
    case ignored
    /// Its body cannot be understood.
    case unreadable
    /// Handling it did not come to an end, several times over.
    case abandoned
}

/// A delivery to be kept.
public struct NewDelivery: Sendable {
    /// Who sent it.
    public var source: String
    /// What all repeats of it have in common.
    public var key: String
    /// How it is to be read, in the words of whoever handles it.
    public var scheme: String
    /// What happened, as a header names it.
    public var event: String?
    /// The headers that help to find it on the sender's side; no secrets.
    public var headers: [String: String]
    /// The digest of the body as it came.
    public var digest: String
    /// The size of the body as it came, in bytes.
    public var size: Int
    /// The body as it may be kept; nil when it may not.
    public var body: [UInt8]?

    /// Makes a delivery.
    public init(
        source: String, key: String, scheme: String, event: String?, headers: [String: String], digest: String,
        size: Int, body: [UInt8]?
    ) {
        self.source = source
        self.key = key
        self.scheme = scheme
        self.event = event
        self.headers = headers
        self.digest = digest
        self.size = size
        self.body = body
    }
}

/// What a sender is told.
public struct DeliveryReceipt: Hashable, Sendable {
    /// The delivery; of a repeat, the first one.
    public let id: Int64
    /// Whether it was here before.
    public let isRepeat: Bool
    /// What became of it so far.
    public let outcome: DeliveryOutcome

    /// Makes a receipt.
    public init(id: Int64, isRepeat: Bool, outcome: DeliveryOutcome) {
        self.id = id
        self.isRepeat = isRepeat
        self.outcome = outcome
    }
}

/// A delivery that is kept.
public struct Delivery: Hashable, Sendable, Identifiable {
    /// Rises with every delivery.
    public let id: Int64
    /// Who sent it.
    public let source: String
    /// How it is to be read.
    public let scheme: String
    /// What happened, as a header names it.
    public let event: String?
    /// The headers that help to find it on the sender's side.
    public let headers: JSONValue
    /// The digest of the body as it came.
    public let digest: String
    /// The size of the body as it came, in bytes.
    public let size: Int
    /// The hint that was taken from it; null before it is handled and when there is none.
    public let hint: JSONValue
    /// What became of it.
    public let outcome: DeliveryOutcome
    /// Why, where that is not plain.
    public let reason: String?
    /// How often handling it began.
    public let attempts: Int
    /// How often it came again.
    public let repeats: Int64
    /// When it was kept.
    public let receivedAt: Date
    /// When it was handled last.
    public let handledAt: Date?
    /// Whether its body is still here.
    public let hasBody: Bool

    /// Makes a delivery as it is kept.
    public init(
        id: Int64, source: String, scheme: String, event: String?, headers: JSONValue, digest: String, size: Int,
        hint: JSONValue, outcome: DeliveryOutcome, reason: String?, attempts: Int, repeats: Int64, receivedAt: Date,
        handledAt: Date?, hasBody: Bool
    ) {
        self.id = id
        self.source = source
        self.scheme = scheme
        self.event = event
        self.headers = headers
        self.digest = digest
        self.size = size
        self.hint = hint
        self.outcome = outcome
        self.reason = reason
        self.attempts = attempts
        self.repeats = repeats
        self.receivedAt = receivedAt
        self.handledAt = handledAt
        self.hasBody = hasBody
    }
}

/// Which deliveries to list. What is nil or empty does not restrict.
public struct DeliveryFilter: Hashable, Sendable {
    /// Only of this source.
    public var source: String?
    /// Only those that became one of these.
    public var outcomes: Set<DeliveryOutcome>
    /// Only those that came at this time or later.
    public var since: Date?

    /// Makes a filter.
    public init(source: String? = nil, outcomes: Set<DeliveryOutcome> = [], since: Date? = nil) {
        self.source = source
        self.outcomes = outcomes
        self.since = since
    }
}
