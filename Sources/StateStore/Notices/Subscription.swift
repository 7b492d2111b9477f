public import DesiredState
public import Foundation

/// Of what a subscriber wants to be told, and how soon.
public struct Subscription: Hashable, Sendable {
    /// Of whatever one of these covers.
    public var rules: [NoticeRule]
    /// How long an event that comes again in the same words is not told again.
    public var quiet: Duration
    /// How long after an event others are waited for.
    public var gather: Duration

    /// Makes a subscription.
    public init(rules: [NoticeRule], quiet: Duration = .seconds(3600), gather: Duration = .seconds(5)) {
        self.rules = rules
        self.quiet = quiet
        self.gather = gather
    }
}

/// How a subscriber stands. Durations are by the database's clock, at the moment of reading.
public struct SubscriberStanding: Hashable, Sendable {
    /// What it is subscribed to; nil when it is not.
    public var subscription: Subscription?
    /// How many attempts failed since the last one that did not.
    public var failures = 0
    /// Since when.
    public var failingSince: Date?
    /// For how long nothing is tried that nobody asked for; nil when it may be now.
    public var pause: Duration?
    /// Why nothing is sent any more; nil when it is.
    public var stop: Stop?
    /// How many notices wait.
    public var waiting = 0
    /// After how long the first of those that wait may be tried; nil when none waits.
    public var next: Duration?
    /// When one was delivered last.
    public var deliveredAt: Date?

    /// Why nothing is sent any more.
    public struct Stop: Hashable, Sendable {
        /// In words.
        public let reason: String
        /// The generation of the subscriber that it holds for; another one is tried again.
        public let generation: Int64

        /// Makes a stop.
        public init(_ reason: String, generation: Int64) {
            self.reason = reason
            self.generation = generation
        }
    }

    /// Makes the standing of somebody who is unknown.
    public init() {}
}

/// What came of an attempt to send some notices as one message.
public struct NoticeAttempt: Hashable, Sendable {
    /// What came of it.
    public enum Outcome: Hashable, Sendable {
        /// They were taken.
        case delivered
        /// They were not: each is tried again after its delay, or given up where it is nil. Nothing else is tried for a
        /// while.
        case failed(delays: [Int64: Duration?], pause: Duration)
        /// They were not, and nothing is sent any more.
        case stopped(SubscriberStanding.Stop)
    }

    /// The notices.
    public let notices: [Int64]
    /// What came of it.
    public let outcome: Outcome
    /// The HTTP status; nil when there was none.
    public let status: Int?
    /// The beginning of the answer, or what went wrong; no secrets.
    public let answer: String?

    /// Makes an attempt.
    public init(_ notices: [Int64], _ outcome: Outcome, status: Int? = nil, answer: String? = nil) {
        self.notices = notices
        self.outcome = outcome
        self.status = status
        self.answer = answer
    }
}
