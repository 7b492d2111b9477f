public import Diagnostics

/// A resource as its author wrote it: who it is and what it should be.
public struct Resource<Spec: Hashable & Sendable>: Hashable, Sendable {
    /// Who it is.
    public let metadata: ResourceMetadata
    /// What should be.
    public let spec: Spec
    /// Where it is written. No part of the resource's identity: moving a document in its file changes nothing.
    public let location: SourceLocation

    /// Makes a resource.
    public init(metadata: ResourceMetadata, spec: Spec, location: SourceLocation) {
        self.metadata = metadata
        self.spec = spec
        self.location = location
    }

    /// The name of the resource among those of its kind.
    public var name: String { metadata.name }

    /// The same resource with its spec seen as another type.
    public func map<Other>(_ transform: (Spec) -> Other) -> Resource<Other> {
        Resource<Other>(metadata: metadata, spec: transform(spec), location: location)
    }
}

/// The spec of a resource of any kind.
public enum ResourceSpec: Hashable, Sendable {
    /// A code host.
    case forge(ForgeSpec)
    /// A PostgreSQL server on which candidate databases live.
    case databaseServer(DatabaseServerSpec)
    /// A registry whose changelog is gated.
    case registry(RegistrySpec)
}
