public import DesiredState
public import Foundation

/// A state of what desired state is read from: a commit, the content of a directory, a request of a person.
public struct ConfigurationRevision: Hashable, Sendable {
    /// What tells it from every other: the commit's id, or a digest of the content.
    public let id: String
    /// Who wrote it, where that is known.
    public let author: String?
    /// The first line of what they said about it.
    public let subject: String?
    /// When they wrote it.
    public let authoredAt: Date?

    /// Makes a revision.
    public init(_ id: String, author: String? = nil, subject: String? = nil, authoredAt: Date? = nil) {
        self.id = id
        self.author = author
        self.subject = subject
        self.authoredAt = authoredAt
    }
}

/// What a change of desired state does to one object.
public struct ConfigurationEntry: Hashable, Sendable {
    /// What happens to it.
    public enum Effect: String, Hashable, Sendable, CaseIterable {
        /// It was not there.
        case created
        /// Its spec or its metadata is another.
        case changed
        /// It is taken down.
        case pruned
    }

    /// The object.
    public let key: ResourceKey
    /// What happens to it.
    public let effect: Effect
    /// Which of its values become others; of a pruned object none are named.
    public let fields: [FieldChange]
    /// Its generation afterwards; nil for one that is pruned, and for one that is only planned.
    public let generation: Int64?

    /// Makes an entry.
    public init(_ key: ResourceKey, _ effect: Effect, fields: [FieldChange] = [], generation: Int64? = nil) {
        self.key = key
        self.effect = effect
        self.fields = fields
        self.generation = generation
    }
}

/// A change of desired state that was made.
public struct ConfigurationChange: Hashable, Sendable, Identifiable {
    /// Rises with every change.
    public let id: Int64
    /// What it was read from, in words.
    public let source: String
    /// Which state of that.
    public let revision: ConfigurationRevision
    /// When it came into force.
    public let appliedAt: Date
    /// What became of which object, in the order in which the objects depend on each other.
    public let entries: [ConfigurationEntry]
}

/// A change of desired state to be made: everything that is written for it, in one transaction.
public struct NewConfigurationChange: Hashable, Sendable {
    /// What it was read from, in words.
    public var source: String
    /// Which state of that.
    public var revision: ConfigurationRevision
    /// What becomes of which object. An empty list is no change, and none is recorded.
    public var entries: [ConfigurationEntry]
    /// The objects as they should be.
    public var store: [DesiredResource]
    /// Objects that their reconcilers take down.
    public var retire: [ResourceKey]
    /// Objects that nothing reconciles, and confirmations that are used up: their rows go at once.
    public var remove: [ResourceKey]
    /// What is to be looked at because of it.
    public var enqueue: [EnqueueRequest]
    /// Objects whose specs must still be these, nil for one that must not be there: what the change was decided on.
    public var expecting: [ResourceKey: JSONValue?]

    /// Makes a change to be made.
    public init(
        source: String, revision: ConfigurationRevision, entries: [ConfigurationEntry], store: [DesiredResource],
        retire: [ResourceKey] = [], remove: [ResourceKey] = [], enqueue: [EnqueueRequest] = [],
        expecting: [ResourceKey: JSONValue?] = [:]
    ) {
        self.source = source
        self.revision = revision
        self.entries = entries
        self.store = store
        self.retire = retire
        self.remove = remove
        self.enqueue = enqueue
        self.expecting = expecting
    }
}
