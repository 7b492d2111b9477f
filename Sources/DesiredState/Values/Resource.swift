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

extension Resource<ResourceSpec> {
    /// The whole resource as a document, every value that is in force written out: read back, it is the same resource.
    public var document: JSONValue {
        var members = ResourceMetadata.schema.write(metadata).object ?? [:]
        // What is empty says nothing.
        members = members.filter { $0.value != [:] && $0.value != [] }
        return [
            "apiVersion": .string(ResourceKind.apiVersion), "kind": .string(spec.kind.rawValue),
            "metadata": .object(members), "spec": spec.json,
        ]
    }

    /// Reads back what was stored of a resource: its metadata, of which unknown keys are passed over, and its spec.
    ///
    /// Throws `DiagnosticsError` when it was written by other rules than today's.
    public init(kind: ResourceKind, name: String, metadata: JSONValue, spec: JSONValue) throws(DiagnosticsError) {
        var members = (metadata.object ?? [:]).filter { ["labels", "annotations", "dependsOn"].contains($0.key) }
        members["name"] = .string(name)
        var findings = Findings()
        let location = SourceLocation(file: "stored \(kind.rawValue)")
        let node = SourceNode(.object(members), location: location)
        guard let read = findings.within(.key("metadata"), { ResourceMetadata.schema.read(node, &$0) }) else {
            throw DiagnosticsError(findings.diagnostics)
        }
        self.init(metadata: read, spec: try ResourceSpec(kind: kind, json: spec), location: location)
    }
}
