/// One object of a schema, described without ids, owners or sizes: two databases that were made alike have equal ones.
public struct SchemaObject: Hashable, Sendable {
    /// What it is.
    public let kind: SchemaObjectKind
    /// Its name; with ``kind`` it is unique in a snapshot.
    public let name: SchemaName
    /// What is to be said of it. What is as it is by default is left out.
    public let attributes: [SchemaAttribute: SchemaValue]

    /// Describes an object.
    public init(_ kind: SchemaObjectKind, _ name: SchemaName, _ attributes: [SchemaAttribute: SchemaValue] = [:]) {
        self.kind = kind
        self.name = name
        self.attributes = attributes
    }

    /// What tells it from all others.
    public var identity: Identity { Identity(kind: kind, name: name) }

    /// An object's kind and name.
    public struct Identity: Hashable, Sendable, Comparable {
        /// What it is.
        public let kind: SchemaObjectKind
        /// Its name.
        public let name: SchemaName

        /// Names an object.
        public init(kind: SchemaObjectKind, name: SchemaName) {
            self.kind = kind
            self.name = name
        }

        /// Orders by kind, then by name.
        public static func < (left: Identity, right: Identity) -> Bool {
            left.kind == right.kind ? left.name < right.name : left.kind < right.kind
        }
    }
}
