/// A name as it was read: unquoted letters are lower case already, and it is as short as PostgreSQL cuts it.
public struct QualifiedName: Hashable, Sendable, CustomStringConvertible {
    /// The schema, when one is written.
    public var schema: String?
    /// The name.
    public var name: String

    /// Makes a name.
    public init(_ name: String, schema: String? = nil) {
        self.schema = schema
        self.name = name
    }

    /// A `RangeVar`.
    init?(_ node: SyntaxNode) {
        let node = node["RangeVar"].isPresent ? node["RangeVar"] : node
        guard let name = node["relname"].string else { return nil }
        self.init(name, schema: node["schemaname"].string)
    }

    /// The parts of a dotted name; a catalog in front is left out.
    init?(parts: [String]) {
        guard let name = parts.last else { return nil }
        self.init(name, schema: parts.dropLast().last)
    }

    /// `schema.name`.
    public var description: String { schema.map { "\($0).\(name)" } ?? name }
}
