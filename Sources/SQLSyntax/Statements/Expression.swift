import Diagnostics

/// What there is to know of an expression without the catalogs.
public struct Expression: Hashable, Sendable {
    /// The functions it calls, also those that SQL writes without parentheses, such as `current_timestamp`.
    public var functions: [QualifiedName]
    /// The columns that are not null wherever it is true: those of `IS NOT NULL` and of conjunctions of it.
    public var nonNullColumns: [String]
    /// Whether it is `NULL` alone, perhaps cast.
    public var isNull: Bool

    init(_ node: SyntaxNode) {
        var functions: [QualifiedName] = []
        Self.collect(node, into: &functions)
        self.functions = functions
        nonNullColumns = Self.nonNullColumns(node)
        isNull = Self.isNull(node)
    }

    /// The reader cuts the tree off, so this ends.
    private static func collect(_ node: SyntaxNode, into functions: inout [QualifiedName]) {
        switch node {
        case .object(let fields):
            if case .object(let call)? = fields["FuncCall"] {
                let parts = call["funcname"]?.names ?? []
                if var name = QualifiedName(parts: parts) {
                    if name.schema == "pg_catalog" { name.schema = nil }
                    functions.append(name)
                }
            }
            if let value = fields["SQLValueFunction"]?["op"].string {
                functions.append(QualifiedName(value.replacingAll("SVFOP_", with: "").lowercased()))
            }
            for field in fields.values { collect(field, into: &functions) }
        case .list(let items): for item in items { collect(item, into: &functions) }
        case .absent, .flag, .number, .text: return
        }
    }

    private static func nonNullColumns(_ node: SyntaxNode) -> [String] {
        let test = node["NullTest"]
        if test["nulltesttype"].string == "IS_NOT_NULL" {
            return test["arg"]["ColumnRef"]["fields"].names.suffix(1)
        }
        let both = node["BoolExpr"]
        guard both["boolop"].string == "AND_EXPR" else { return [] }
        return both["args"].items.flatMap(nonNullColumns)
    }

    private static func isNull(_ node: SyntaxNode) -> Bool {
        if node["TypeCast"].isPresent { return isNull(node["TypeCast"]["arg"]) }
        return node["A_Const"]["isnull"].isTrue
    }
}
