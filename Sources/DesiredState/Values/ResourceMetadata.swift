/// Who a resource is: its name among those of its kind, and what people and programs noted on it.
public struct ResourceMetadata: Hashable, Sendable, Codable {
    /// The annotation that keeps a resource although it has left desired state.
    public static let pruneAnnotation = "sluice.dev/prune"

    /// The name: an RFC 1123 label, unique within the kind.
    public let name: String
    /// Short words to select by.
    public let labels: [String: String]
    /// Anything else worth keeping with the resource; never interpreted unless a document says so.
    public let annotations: [String: String]
    /// What has to be ready before this is worked on, beside what the spec names anyway.
    public let dependsOn: [ResourceKey]

    /// Makes the metadata of a resource.
    public init(
        name: String, labels: [String: String] = [:], annotations: [String: String] = [:],
        dependsOn: [ResourceKey] = []
    ) {
        self.name = name
        self.labels = labels
        self.annotations = annotations
        self.dependsOn = dependsOn
    }

    /// Whether the resource stays in force when it leaves desired state: `sluice.dev/prune: disabled`.
    public var isKept: Bool { annotations[Self.pruneAnnotation] == "disabled" }
}

extension ResourceMetadata {
    static let schema = Schema<ResourceMetadata>.object(
        .required("name", \.name, .label, "The name, unique among the resources of the kind."),
        .defaulted("labels", \.labels, .map(to: .anyText), to: [:], "Short words to select by."),
        .defaulted("annotations", \.annotations, .map(to: .anyText), to: [:], "Anything else worth keeping."),
        .defaulted(
            "dependsOn", \.dependsOn, .list(of: .resourceKey), to: [],
            "What has to be ready first, as Kind/name; what the spec names is waited for anyway."),
        make: ResourceMetadata.init
    ).checked { metadata, node, findings in
        if let tenant = metadata.tenant, tenant.wholeMatch(of: /[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/) == nil {
            findings.report(
                .invalidValue, at: node.deepest("labels", tenantLabel).location,
                path: "metadata.labels[\"\(tenantLabel)\"]", "\(tenant.quotedForMessage) is not the name of a tenant",
                hint: "lower-case letters, digits and \"-\", a letter or digit at both ends, 63 at most")
        }
        guard let value = metadata.annotations[pruneAnnotation], !["disabled", "enabled"].contains(value) else {
            return
        }
        findings.report(
            .invalidValue, at: node.deepest("annotations", pruneAnnotation).location,
            path: "metadata.annotations[\"\(pruneAnnotation)\"]",
            "\(value.quotedForMessage) is not known, expected disabled or enabled")
    }
}

extension Schema where Value == ResourceKey {
    /// A resource of desired state, as `Kind/name`.
    fileprivate static var resourceKey: Schema {
        Schema<String>.text.map(
            into: { text, node, findings in
                guard let key = ResourceKey(text), ResourceKind(rawValue: key.kind) != nil,
                    key.name.wholeMatch(of: /[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/) != nil
                else {
                    findings.report(
                        .invalidValue, at: node.location,
                        "\(text.quotedForMessage) is not allowed, expected Kind/name with one of \(ResourceKind.list)",
                        hint: "for example Registry/land")
                    return nil
                }
                return key
            }, from: \.description)
    }
}
