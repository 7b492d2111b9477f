/// What became of one object between two snapshots.
public struct SchemaChange: Hashable, Sendable {
    /// What happened to it.
    public enum Operation: String, Hashable, Sendable, Codable, CaseIterable {
        case added, changed, removed
    }

    /// What became of one attribute.
    public struct AttributeChange: Hashable, Sendable, Codable {
        /// The attribute.
        public let attribute: SchemaAttribute
        /// Its value before; nil when it had none.
        public let before: SchemaValue?
        /// Its value after; nil when it has none.
        public let after: SchemaValue?
    }

    /// What happened.
    public let operation: Operation
    /// The object.
    public let identity: SchemaObject.Identity
    /// What changed, in order of the attributes. Of an added object everything that is said of it, after; of a removed one
    /// everything that was said of it, before.
    public let attributes: [AttributeChange]
    /// Whether it follows from the relation that the object is a part of having been added or removed. Such changes are
    /// listed and not counted.
    public let isImplied: Bool
}

extension SchemaChange {
    init(added object: SchemaObject, isImplied: Bool) {
        self.init(
            operation: .added, identity: object.identity,
            attributes: object.attributes.sorted { $0.key < $1.key }.map { AttributeChange($0.key, nil, $0.value) },
            isImplied: isImplied)
    }

    init(removed object: SchemaObject, isImplied: Bool) {
        self.init(
            operation: .removed, identity: object.identity,
            attributes: object.attributes.sorted { $0.key < $1.key }.map { AttributeChange($0.key, $0.value, nil) },
            isImplied: isImplied)
    }
}

extension SchemaChange.AttributeChange {
    init(_ attribute: SchemaAttribute, _ before: SchemaValue?, _ after: SchemaValue?) {
        self.init(attribute: attribute, before: before, after: after)
    }
}
