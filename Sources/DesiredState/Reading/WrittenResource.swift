import Diagnostics

/// A document read as far as it could be: its name, even when its spec is wrong, so that references to it are not
/// reported as well.
struct WrittenResource {
    /// The kind and name; nil when the name could not be read.
    let key: ResourceKey?
    /// The resource; nil when anything in the document was wrong.
    let resource: Resource<ResourceSpec>?
    /// The document, for the places of its parts.
    let node: SourceNode

    /// Reads a document; nil when it is of no kind we know, which is reported.
    init?(_ node: SourceNode, _ findings: inout Findings) {
        guard let members = Schema<ResourceMetadata>.members(of: node, &findings),
            let kind = Self.kind(of: node, &findings)
        else { return nil }
        let before = findings.diagnostics.count
        let keys = ["apiVersion", "kind", "metadata", "spec"]
        for member in members where !keys.contains(member.key) {
            if member.key == "status" {
                findings.report(
                    .unknownKey, at: member.keyLocation, path: "status", "the status is written by the controller",
                    hint: "leave it out")
            } else {
                findings.reportUnknownKey(member, known: keys)
            }
        }
        let metadata = Field.required("metadata", \.self, ResourceMetadata.schema, "The name of the resource.")
            .read(node["metadata"], node, &findings)
        let spec = Field.required("spec", \.self, kind.schema, "What should be.").read(node["spec"], node, &findings)

        let label = Schema<String>.label
        var ignored = Findings()
        let name = metadata?.name ?? node["metadata"]?["name"].flatMap { label.read($0, &ignored) }
        self.node = node
        key = name.map { ResourceKey(kind: kind.rawValue, name: $0) }
        if let metadata, let spec, findings.diagnostics.count == before {
            resource = Resource(metadata: metadata, spec: spec, location: node.location)
        } else {
            resource = nil
        }
    }

    /// A resource that is in force already, as if it were written.
    init(inForce resource: Resource<ResourceSpec>) {
        key = resource.key
        self.resource = resource
        node = SourceNode(resource.document, location: SourceLocation(file: "\(resource.key), in force"))
    }

    private static func kind(of node: SourceNode, _ findings: inout Findings) -> ResourceKind? {
        let version = Field.required(
            "apiVersion", \.self, .text, "The version of the kind, \(ResourceKind.apiVersion)."
        )
        .read(node["apiVersion"], node, &findings)
        let kind = Field.required("kind", \.self, .text, "One of \(ResourceKind.list).")
            .read(node["kind"], node, &findings)
        guard let version, let kind else { return nil }
        guard version == ResourceKind.apiVersion else {
            findings.report(
                .unknownKind, at: node.deepest("apiVersion").location, path: "apiVersion",
                "\(version.quotedForMessage) is not known, expected \(ResourceKind.apiVersion)")
            return nil
        }
        guard let known = ResourceKind(rawValue: kind) else {
            let nearest = Suggestion.nearest(to: kind, in: ResourceKind.allCases.map(\.rawValue))
            findings.report(
                .unknownKind, at: node.deepest("kind").location, path: "kind",
                "\(kind.quotedForMessage) is not known, expected one of \(ResourceKind.list)",
                hint: nearest.map { "did you mean \"\($0)\"?" })
            return nil
        }
        return known
    }
}
