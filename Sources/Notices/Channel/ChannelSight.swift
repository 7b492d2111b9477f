public import DesiredState
public import StateStore

/// What a look at a channel can find.
public enum ChannelSight: Sendable {
    /// There is no such channel.
    case gone
    /// It is not desired any more.
    case leaving
    /// It is desired.
    case seen(ChannelObservation)
}

/// A channel as a look sees it. Durations are by the database's clock.
public struct ChannelObservation: Sendable {
    /// Its name.
    public var name: String
    /// What is desired.
    public var spec: NotificationChannelSpec
    /// The generation of what is desired.
    public var generation: Int64
    /// How it stands.
    public var standing: SubscriberStanding
    /// What may be sent now, oldest first.
    public var due: [Notice]
    /// How long ago the messages of the last minute were sent.
    public var recent: [Duration]
    /// Where people find what a notice is about.
    public var links: NoticeLinks?

    /// Makes an observation.
    public init(
        name: String, spec: NotificationChannelSpec, generation: Int64,
        standing: SubscriberStanding = SubscriberStanding(), due: [Notice] = [], recent: [Duration] = []
    ) {
        self.name = name
        self.spec = spec
        self.generation = generation
        self.standing = standing
        self.due = due
        self.recent = recent
    }
}

/// An effect of a channel's pass.
public enum ChannelAction: Hashable, Sendable {
    /// Be told of events by these rules.
    case subscribe(Subscription)
    /// Send again, though it was stopped: what is desired has changed.
    case resume
    /// Send a message.
    case send(NoticeMessage)
    /// Be told no more.
    case unsubscribe
}
