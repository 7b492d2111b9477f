/// A data type as it was written, with PostgreSQL's own name for what SQL calls otherwise: `int4` for `integer`.
public struct TypeName: Hashable, Sendable, CustomStringConvertible {
    /// The type; the schema of the built-in ones is left out.
    public var name: QualifiedName
    /// The numbers in parentheses; those that are no plain numbers are left out.
    public var modifiers: [Int]
    /// Whether it is an array.
    public var isArray: Bool

    /// Makes a type.
    public init(_ name: QualifiedName, modifiers: [Int] = [], isArray: Bool = false) {
        self.name = name
        self.modifiers = modifiers
        self.isArray = isArray
    }

    init?(_ node: SyntaxNode) {
        guard var name = QualifiedName(parts: node["names"].names) else { return nil }
        if name.schema == "pg_catalog" { name.schema = nil }
        // A zero is left out of the tree, as are all fields that are zero.
        let modifiers = node["typmods"].items.compactMap { item -> Int? in
            let number = item["A_Const"]["ival"]
            return number.isPresent ? number["ival"].integer ?? 0 : nil
        }
        self.init(name, modifiers: modifiers, isArray: !node["arrayBounds"].items.isEmpty)
    }

    /// As it would be written.
    public var description: String {
        let numbers = modifiers.isEmpty ? "" : "(\(modifiers.map(String.init).joined(separator: ",")))"
        return "\(name)\(numbers)\(isArray ? "[]" : "")"
    }
}
