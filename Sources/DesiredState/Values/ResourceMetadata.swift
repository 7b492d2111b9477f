/// Who a resource is: its name among those of its kind, and what people and programs noted on it.
public struct ResourceMetadata: Hashable, Sendable, Codable {
    /// The name: an RFC 1123 label, unique within the kind.
    public let name: String
    /// Short words to select by.
    public let labels: [String: String]
    /// Anything else worth keeping with the resource; never interpreted unless a document says so.
    public let annotations: [String: String]

    /// Makes the metadata of a resource.
    public init(name: String, labels: [String: String] = [:], annotations: [String: String] = [:]) {
        self.name = name
        self.labels = labels
        self.annotations = annotations
    }
}

extension ResourceMetadata {
    static let schema = Schema<ResourceMetadata>.object(
        .required("name", \.name, .label, "The name, unique among the resources of the kind."),
        .defaulted("labels", \.labels, .map(to: .anyText), to: [:], "Short words to select by."),
        .defaulted("annotations", \.annotations, .map(to: .anyText), to: [:], "Anything else worth keeping."),
        make: ResourceMetadata.init)
}
