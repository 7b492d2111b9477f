/// An object's name in full: schema, relation where the object is a part of one, own name, and the parameters' types of
/// a routine.
public struct SchemaName: Hashable, Sendable {
    /// The parts, outermost first, as they are: unquoted.
    public let parts: [ExactText]

    /// Makes a name of its parts, outermost first.
    public init(_ parts: [String]) { self.parts = parts.map(ExactText.init) }

    /// The name of the relation that a part such as a column belongs to.
    public var parent: SchemaName { SchemaName(parts: Array(parts.dropLast())) }
    /// The own name, without what it stands in.
    public var own: String { parts.last?.text ?? "" }
    /// The outermost part: the schema, for everything that stands in one.
    public var outermost: String { parts.first?.text ?? "" }

    private init(parts: [ExactText]) { self.parts = parts }
}

extension SchemaName: Comparable {
    /// Orders part by part, by bytes.
    public static func < (left: SchemaName, right: SchemaName) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }
}
