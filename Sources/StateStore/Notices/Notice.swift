public import DesiredState
public import Foundation

/// What became of a notice.
public enum NoticeState: String, Sendable, CaseIterable, Codable {
    /// It is to be sent.
    case waiting
    /// It was taken where it was sent to.
    case delivered
    /// It was given up after many attempts, or after a long time.
    case dead
    /// Whom it was for went before it was sent.
    case dropped
}

/// An event as one subscriber is told of it.
public struct Notice: Hashable, Sendable, Identifiable {
    /// Rises with every notice.
    public let id: Int64
    /// The same on every attempt, and nobody else's: by it a receiver knows a repeat.
    public let messageID: String
    /// Who is told.
    public let subscriber: ResourceKey
    /// The object.
    public let object: ResourceKey
    /// How bad it is.
    public let severity: Event.Severity
    /// What happened, as one word in upper camel case.
    public let reason: String
    /// What happened, as a sentence.
    public let message: String
    /// What the object was called by people when it happened; nil for nothing.
    public let title: String?
    /// Who had asked for where the object was going when it happened; nil when nobody is known.
    public let actor: String?
    /// How often the same happened again since, without being told again.
    public let repeats: Int64
    /// What became of it.
    public let state: NoticeState
    /// Whether a person asked for the next attempt.
    public let isAsked: Bool
    /// How many attempts failed since it waits.
    public let attempts: Int
    /// The HTTP status of the latest attempt; nil when there was none.
    public let status: Int?
    /// The beginning of the latest attempt's answer, or what went wrong.
    public let answer: String?
    /// When it happened.
    public let createdAt: Date
    /// When it is tried next, while it waits.
    public let nextAttemptAt: Date?
    /// When it was tried last; nil when it was not.
    public let attemptedAt: Date?
    /// When it was settled; nil while it waits.
    public let endedAt: Date?

    /// Makes a notice as it is kept.
    public init(
        id: Int64, messageID: String, subscriber: ResourceKey, object: ResourceKey, severity: Event.Severity,
        reason: String, message: String, title: String? = nil, actor: String? = nil, repeats: Int64 = 0,
        state: NoticeState = .waiting, isAsked: Bool = false, attempts: Int = 0, status: Int? = nil,
        answer: String? = nil, createdAt: Date, nextAttemptAt: Date? = nil, attemptedAt: Date? = nil,
        endedAt: Date? = nil
    ) {
        self.id = id
        self.messageID = messageID
        self.subscriber = subscriber
        self.object = object
        self.severity = severity
        self.reason = reason
        self.message = message
        self.title = title
        self.actor = actor
        self.repeats = repeats
        self.state = state
        self.isAsked = isAsked
        self.attempts = attempts
        self.status = status
        self.answer = answer
        self.createdAt = createdAt
        self.nextAttemptAt = nextAttemptAt
        self.attemptedAt = attemptedAt
        self.endedAt = endedAt
    }
}

/// Which notices to list. What is nil or empty does not restrict.
public struct NoticeFilter: Hashable, Sendable {
    /// Only of the subscriber of this name.
    public var subscriber: String?
    /// Only of this object.
    public var object: ResourceKey?
    /// Only those that became one of these.
    public var states: Set<NoticeState>
    /// Only of what happened at this time or later.
    public var since: Date?

    /// Makes a filter.
    public init(
        subscriber: String? = nil, object: ResourceKey? = nil, states: Set<NoticeState> = [], since: Date? = nil
    ) {
        self.subscriber = subscriber
        self.object = object
        self.states = states
        self.since = since
    }
}
