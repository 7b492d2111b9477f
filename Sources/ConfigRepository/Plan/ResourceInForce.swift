public import DesiredState
import StateStore

/// A resource of desired state that is in force, with who put it there.
public struct ResourceInForce: Hashable, Sendable {
    /// Who says what should be.
    public enum Manager: Hashable, Sendable {
        /// The directory or repository that the controller reads.
        case source
        /// A person, by `sluice apply`.
        case person
    }

    /// The resource; nil when it was stored by other rules than today's and cannot be read.
    public let resource: Resource<ResourceSpec>?
    /// Its key.
    public let key: ResourceKey
    /// Its spec as it is stored.
    public let spec: JSONValue
    /// What people noted on it, and what it waits for.
    public let metadata: JSONValue
    /// Who put it there.
    public let manager: Manager

    /// Makes a resource of its parts.
    public init(
        key: ResourceKey, spec: JSONValue, metadata: JSONValue = [:], manager: Manager = .source
    ) {
        self.key = key
        self.spec = spec
        self.metadata = Self.known(metadata)
        self.manager = manager
        resource = ResourceKind(rawValue: key.kind).flatMap { kind in
            try? Resource(kind: kind, name: key.name, metadata: metadata, spec: spec)
        }
    }

    /// A resource that comes into force by the source.
    init(_ resource: Resource<ResourceSpec>) {
        self.init(key: resource.key, spec: resource.spec.json, metadata: resource.document["metadata"] ?? [:])
    }

    /// A stored object; nil when it is being taken down.
    init?(_ stored: StoredResource) {
        guard stored.deletionRequestedAt == nil else { return nil }
        self.init(
            key: stored.key, spec: stored.spec, metadata: stored.metadata,
            manager: stored.owner == Configuration.byHand ? .person : .source)
    }

    /// Whether it stays when it leaves desired state.
    public var isKept: Bool { resource?.metadata.isKept ?? false }

    /// The metadata that counts; what is empty says nothing.
    static func known(_ metadata: JSONValue) -> JSONValue {
        .object(
            (metadata.object ?? [:]).filter { key, value in
                ["labels", "annotations", "dependsOn"].contains(key) && value != [:] && value != []
            })
    }
}

/// The objects that stand for desired state as a whole.
public enum Configuration {
    /// The kind of both.
    public static let kind = "Configuration"
    /// What the controller reads: the key that is reconciled.
    public static let key = ResourceKey(kind: kind, name: "desired-state")
    /// What people brought in by `sluice apply`.
    public static let byHand = ResourceKey(kind: kind, name: "apply")
    /// A person's word that more may go, or that history may be another; used up by the next change.
    static let confirmation = ResourceKey(kind: "ConfigurationConfirmation", name: "desired-state")
}
