/// `ALTER TABLE`, also of an index, view or sequence.
public struct AlterTable: Hashable, Sendable {
    /// The table.
    public var table: QualifiedName
    /// What it is.
    public var kind: ObjectKind
    /// What is done to it, in order.
    public var actions: [Action]

    /// One thing that is done.
    public enum Action: Hashable, Sendable {
        case addColumn(ColumnDefinition)
        case dropColumn(String)
        /// `hasConversion` tells of a `USING`.
        case alterType(column: String, TypeName, hasConversion: Bool)
        case setNotNull(String)
        case dropNotNull(String)
        case addConstraint(Constraint)
        case validateConstraint(String)
        case dropConstraint(String)
        /// Another tablespace, access method or persistence: the table is written anew.
        case rewrite(String)
        case detachPartition(QualifiedName?, isConcurrent: Bool)
        case other(String)
    }
}

extension AlterTable.Action {
    /// The constraints that it adds, those of a new column too.
    public var newConstraints: [Constraint] {
        switch self {
        case .addConstraint(let constraint): [constraint]
        case .addColumn(let column): column.constraints
        default: []
        }
    }
}

extension AlterTable {
    init?(_ node: SyntaxNode) {
        guard let table = QualifiedName(node["relation"]) else { return nil }
        self.table = table
        kind = ObjectKind(node["objtype"].string)
        actions = node["cmds"].items.map { Action($0["AlterTableCmd"]) }
    }
}

extension AlterTable.Action {
    init(_ node: SyntaxNode) {
        let name = node["name"].string ?? ""
        let subtype = node["subtype"].string ?? ""
        switch subtype {
        case "AT_AddColumn":
            self = ColumnDefinition(node["def"]["ColumnDef"]).map(Self.addColumn) ?? .other(subtype)
        case "AT_DropColumn": self = .dropColumn(name)
        case "AT_AlterColumnType":
            let definition = node["def"]["ColumnDef"]
            self =
                TypeName(definition["typeName"]).map {
                    .alterType(column: name, $0, hasConversion: definition["raw_default"].isPresent)
                } ?? .other(subtype)
        case "AT_SetNotNull": self = .setNotNull(name)
        case "AT_DropNotNull": self = .dropNotNull(name)
        case "AT_AddConstraint": self = .addConstraint(Constraint(node["def"]["Constraint"]))
        case "AT_ValidateConstraint": self = .validateConstraint(name)
        case "AT_DropConstraint": self = .dropConstraint(name)
        case "AT_SetTableSpace": self = .rewrite("SET TABLESPACE")
        case "AT_SetLogged": self = .rewrite("SET LOGGED")
        case "AT_SetUnLogged": self = .rewrite("SET UNLOGGED")
        case "AT_SetAccessMethod": self = .rewrite("SET ACCESS METHOD")
        case "AT_DetachPartition":
            let command = node["def"]["PartitionCmd"]
            self = .detachPartition(QualifiedName(command["name"]), isConcurrent: command["concurrent"].isTrue)
        default: self = .other(subtype)
        }
    }
}
