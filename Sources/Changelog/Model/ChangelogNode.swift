public import Diagnostics

/// One element of a changelog as its author wrote it, in the one shape that all formats are read into.
///
/// XML attributes, XML child elements with text, YAML and JSON scalars and the attributes of a formatted-SQL directive
/// are all alike here: a child with a ``value``. So a change type looks up `tableName` without knowing which format it
/// came from. Liquibase calls the same idea a parsed node. Names are looked up without regard to the case of letters.
///
/// A list of several scalars (YAML and JSON only) is held as children without a name.
public struct ChangelogNode: Sendable, Hashable {
    /// The local name, without namespace: `createTable`, `column`, `tableName`.
    public var name: String
    /// The scalar value or text content; nil when the element has none. XML text is trimmed, as Liquibase trims it.
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
    public func child(_ name: String) -> ChangelogNode? { children.first { $0.isNamed(name) } }

    /// All children of that name, in order.
    public func children(named name: String) -> [ChangelogNode] { children.filter { $0.isNamed(name) } }

    /// The value of the first child of that name.
    public subscript(_ name: String) -> String? { child(name)?.value }

    /// Whether the element has that name, in any case of letters.
    public func isNamed(_ other: String) -> Bool {
        guard name.utf8.count == other.utf8.count else { return false }
        // Asked for every attribute of every element: names are compared without making others of them first.
        return zip(name.utf8, other.utf8).allSatisfy { $0 == $1 || Self.folded($0) == Self.folded($1) }
    }

    /// A letter of ASCII in lower case; names have no others.
    private static func folded(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
