/// A constraint of a column or of a table; a default counts as one, as in PostgreSQL's grammar.
public struct Constraint: Hashable, Sendable {
    /// What it demands.
    public enum Kind: Hashable, Sendable {
        case null
        case notNull
        case defaultValue(Expression)
        case identity
        /// A stored generated column.
        case generated
        case check(Expression)
        case primaryKey
        case unique
        case exclusion
        case foreignKey(QualifiedName)
        case other
    }

    /// What it demands.
    public var kind: Kind
    /// Its name, when one is written.
    public var name: String?
    /// The columns of a key, of the table that has the constraint; none when it is written at a column.
    public var columns: [String]
    /// The existing index that it is made from.
    public var index: String?
    /// Whether existing rows are not looked at.
    public var isNotValid: Bool

    init(_ node: SyntaxNode) {
        kind = Self.kind(node)
        name = node["conname"].string
        columns = node["keys"].names + node["fk_attrs"].names
        index = node["indexname"].string
        isNotValid = node["skip_validation"].isTrue
    }

    private static func kind(_ node: SyntaxNode) -> Kind {
        switch node["contype"].string {
        case "CONSTR_NULL": .null
        case "CONSTR_NOTNULL": .notNull
        case "CONSTR_DEFAULT": .defaultValue(Expression(node["raw_expr"]))
        case "CONSTR_IDENTITY": .identity
        case "CONSTR_GENERATED": .generated
        case "CONSTR_CHECK": .check(Expression(node["raw_expr"]))
        case "CONSTR_PRIMARY": .primaryKey
        case "CONSTR_UNIQUE": .unique
        case "CONSTR_EXCLUSION": .exclusion
        case "CONSTR_FOREIGN": QualifiedName(node["pktable"]).map(Kind.foreignKey) ?? .other
        default: .other
        }
    }
}
