/// A column in `CREATE TABLE` or `ADD COLUMN`.
public struct ColumnDefinition: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its type.
    public var type: TypeName
    /// Its constraints, with its default.
    public var constraints: [Constraint]

    init?(_ node: SyntaxNode) {
        guard let name = node["colname"].string, let type = TypeName(node["typeName"]) else { return nil }
        self.name = name
        self.type = type
        constraints = node["constraints"].items.map { Constraint($0["Constraint"]) }
    }

    /// Its default; nil when none is written.
    public var defaultValue: Expression? {
        constraints.lazy.compactMap { if case .defaultValue(let value) = $0.kind { value } else { nil } }.first
    }

    /// Whether it gets its value by itself: a serial type, an identity or a generated column.
    public var isFilled: Bool {
        type.isSerial || constraints.contains { $0.kind == .identity || $0.kind == .generated }
    }

    /// Whether it refuses null.
    public var isNotNull: Bool { constraints.contains { $0.kind == .notNull || $0.kind == .primaryKey } }
}

extension TypeName {
    /// Whether it is an integer with a sequence of its own.
    public var isSerial: Bool {
        ["smallserial", "serial2", "serial", "serial4", "bigserial", "serial8"].contains(name.name)
    }
}
