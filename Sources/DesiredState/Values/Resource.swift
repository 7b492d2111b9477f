public import Diagnostics

/// A resource as its author wrote it: who it is and what it should be.
public struct Resource<Spec: Hashable & Sendable>: Hashable, Sendable {
    /// Who it is.
    public let metadata: ResourceMetadata
    /// What should be.
    public let spec: Spec
    /// Where it is written.
    public let location: SourceLocation

    /// Makes a resource.
    public init(metadata: ResourceMetadata, spec: Spec, location: SourceLocation) {
        self.metadata = metadata
        self.spec = spec
        self.location = location
    }

    /// The name of the resource among those of its kind.
    public var name: String { metadata.name }

    /// The same resource with its spec seen as another type; nil when it is none of that type.
    public func compactMap<Other>(_ transform: (Spec) -> Other?) -> Resource<Other>? {
        transform(spec).map { Resource<Other>(metadata: metadata, spec: $0, location: location) }
    }
}

extension Resource<ResourceSpec> {
    /// The name under which the resource is stored and queued.
    public var key: ResourceKey { ResourceKey(kind: spec.kind.rawValue, name: name) }
}
