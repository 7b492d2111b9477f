public import Diagnostics

/// One element of a changelog as its author wrote it, in the one shape that all formats are read into.
///
/// XML attributes, XML child elements with text, YAML and JSON scalars and the attributes of a formatted-SQL directive
/// are all alike here: a child with a ``value``. So a change type looks up `tableName` without knowing which format it
/// came from. Liquibase calls the same idea a parsed node.
public struct ChangelogNode: Sendable, Hashable {
    /// The local name, without namespace: `createTable`, `column`, `tableName`.
    public var name: String
    /// The scalar value or text content, not trimmed, properties not yet expanded; nil when the element has none.
    public var value: String?
    /// Attributes first, then elements, each in the order of the text.
    public var children: [ChangelogNode]
    /// Where the element begins.
    public var location: SourceLocation

    /// Makes a node.
    public init(name: String, value: String? = nil, children: [ChangelogNode] = [], location: SourceLocation) {
        self.name = name
        self.value = value
        self.children = children
        self.location = location
    }

    /// The first child of that name.
    public func child(_ name: String) -> ChangelogNode? { children.first { $0.name == name } }

    /// All children of that name, in order.
    public func children(named name: String) -> [ChangelogNode] { children.filter { $0.name == name } }

    /// The value of the first child of that name.
    public subscript(_ name: String) -> String? { child(name)?.value }
}
