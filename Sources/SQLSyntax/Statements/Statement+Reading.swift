extension Statement {
    init(_ node: SyntaxNode, in text: String) {
        let offset = node["stmt_location"].integer ?? 0
        opening = String(decoding: text.utf8.dropFirst(offset).prefix(400), as: UTF8.self)
        guard let (name, content) = node["stmt"].wrapped else {
            kind = .other("")
            return
        }
        kind = Kind(name, content)
    }

    /// The statement in a few words, as its author would call it: `ALTER TABLE`, `CREATE INDEX`. Two keywords say enough.
    public var verb: String {
        // The opening may end inside of a literal, which the scanner refuses: what stands before the literal is enough.
        let plain = String(opening.prefix { $0 != "'" && $0 != "$" })
        let tokens = (try? ScanToken.tokens(of: opening)) ?? (try? ScanToken.tokens(of: plain)) ?? []
        let first = tokens.drop { !$0.isKeyword }.prefix(2).prefix { $0.isKeyword }
        return first.map { $0.text(in: opening).uppercased() }.joined(separator: " ")
    }
}

extension Statement.Kind {
    init(_ name: String, _ node: SyntaxNode) {
        switch name {
        case "CreateStmt": self = CreateTable(node).map(Self.createTable) ?? .other(name)
        case "CreateTableAsStmt":
            self = Self.filled(node["into"], ObjectKind(node["objtype"].string)) ?? .other(name)
        case "SelectStmt": self = Self.query(node)
        case "IndexStmt": self = CreateIndex(node).map(Self.createIndex) ?? .other(name)
        case "AlterTableStmt": self = AlterTable(node).map(Self.alterTable) ?? .other(name)
        case "DropStmt": self = .drop(Drop(node))
        case "RenameStmt": self = Self.rename(node)
        case "AlterObjectSchemaStmt":
            self = .move(
                ObjectKind(node["objectType"].string), QualifiedName(node["relation"]),
                toSchema: node["newschema"].string ?? "")
        case "TruncateStmt": self = .truncate(node["relations"].items.compactMap(QualifiedName.init))
        case "InsertStmt": self = Self.change(.insert, node, hasCondition: true)
        case "UpdateStmt": self = Self.change(.update, node, hasCondition: node["whereClause"].isPresent)
        case "DeleteStmt": self = Self.change(.delete, node, hasCondition: node["whereClause"].isPresent)
        case "MergeStmt": self = Self.change(.merge, node, hasCondition: true)
        case "CopyStmt" where node["is_from"].isTrue: self = Self.change(.copy, node, hasCondition: true)
        default: self = Self.maintenance(name, node)
        }
    }

    /// PostgreSQL's number of the lock that writers take.
    private static let rowExclusive = 3

    private static func maintenance(_ name: String, _ node: SyntaxNode) -> Self {
        switch name {
        // The weaker ones are those that writers take anyway; they keep nobody from anything but changes of the schema.
        case "LockStmt" where node["mode"].integer ?? 0 > rowExclusive:
            return .lock(node["relations"].items.compactMap(QualifiedName.init))
        case "VacuumStmt" where node["is_vacuumcmd"].isTrue:
            let tables = node["rels"].items.compactMap { QualifiedName($0["VacuumRelation"]["relation"]) }
            return .vacuum(isFull: isSet("full", among: node["options"]), tables)
        case "ClusterStmt": return .cluster(QualifiedName(node["relation"]))
        case "ReindexStmt": return .reindex(isConcurrent: isSet("concurrently", among: node["params"]))
        case "RefreshMatViewStmt":
            return .refresh(QualifiedName(node["relation"]), isConcurrent: node["concurrent"].isTrue)
        case "VariableSetStmt":
            return .setting(name: node["name"].string ?? "", isLocal: node["is_local"].isTrue)
        case "AlterEnumStmt": return node["oldVal"].isPresent ? .other(name) : .addEnumValue
        case "TransactionStmt": return .transaction
        case "CreateRoleStmt", "AlterRoleStmt", "AlterRoleSetStmt", "DropRoleStmt", "GrantRoleStmt", "CreatedbStmt",
            "DropdbStmt", "AlterDatabaseStmt", "AlterDatabaseSetStmt", "AlterDatabaseRefreshCollStmt",
            "AlterSystemStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt", "AlterTableSpaceOptionsStmt",
            "ReassignOwnedStmt", "DropOwnedStmt", "CreateSubscriptionStmt", "AlterSubscriptionStmt",
            "DropSubscriptionStmt":
            return .clusterWide
        default: return .other(name)
        }
    }

    /// `VACUUM (FULL false)` is not full.
    private static func isSet(_ option: String, among options: SyntaxNode) -> Bool {
        options.items.contains { item in
            let element = item["DefElem"]
            guard element["defname"].string == option else { return false }
            let value = element["arg"]["String"]["sval"].string?.lowercased()
            let number = element["arg"]["Integer"]
            if number.isPresent { return number["ival"].integer ?? 0 != 0 }
            return !["false", "off"].contains(value ?? "")
        }
    }

    private static func change(_ verb: DataChange.Verb, _ node: SyntaxNode, hasCondition: Bool) -> Self {
        guard let table = QualifiedName(node["relation"]) else { return .other(verb.rawValue) }
        return .change(DataChange(verb: verb, table: table, hasCondition: hasCondition))
    }

    private static func filled(_ into: SyntaxNode, _ kind: ObjectKind) -> Self? {
        QualifiedName(into["rel"]).map {
            .createFilled($0, kind, isTemporary: into["rel"]["relpersistence"].string == "t")
        }
    }

    /// A `SELECT` may create a table or, in the way of dumps, change a setting.
    private static func query(_ node: SyntaxNode) -> Self {
        if let filled = filled(node["intoClause"], .table) { return filled }
        for target in node["targetList"].items {
            let call = target["ResTarget"]["val"]["FuncCall"]
            let arguments = call["args"].items
            guard call["funcname"].names.last == "set_config", arguments.count == 3,
                let name = arguments.first?["A_Const"]["sval"]["sval"].string
            else { continue }
            return .setting(name: name, isLocal: arguments.last?["A_Const"]["boolval"]["boolval"].isTrue ?? false)
        }
        return .query
    }

    private static func rename(_ node: SyntaxNode) -> Self {
        let kind = ObjectKind(node["renameType"].string)
        if kind == .database || kind == .role { return .clusterWide }
        return .rename(
            Rename(
                kind: kind, object: QualifiedName(node["relation"]), part: node["subname"].string,
                newName: node["newname"].string ?? ""))
    }
}

extension CreateTable {
    init?(_ node: SyntaxNode) {
        guard let name = QualifiedName(node["relation"]) else { return nil }
        self.name = name
        let elements = node["tableElts"].items
        columns = elements.compactMap { ColumnDefinition($0["ColumnDef"]) }
        constraints = elements.filter { $0["Constraint"].isPresent }.map { Constraint($0["Constraint"]) }
        isTemporary = node["relation"]["relpersistence"].string == "t"
        ifNotExists = node["if_not_exists"].isTrue
    }
}

extension CreateIndex {
    init?(_ node: SyntaxNode) {
        guard let table = QualifiedName(node["relation"]) else { return nil }
        self.table = table
        name = node["idxname"].string
        isConcurrent = node["concurrent"].isTrue
        ifNotExists = node["if_not_exists"].isTrue
    }
}

extension Drop {
    init(_ node: SyntaxNode) {
        kind = ObjectKind(node["removeType"].string)
        names = node["objects"].items.compactMap { object in
            if let name = object["String"]["sval"].string { return QualifiedName(name) }
            let lists = [
                object["List"]["items"], object["TypeName"]["names"], object["ObjectWithArgs"]["objname"],
            ]
            return lists.lazy.compactMap { QualifiedName(parts: $0.names) }.first
        }
        isCascade = node["behavior"].string == "DROP_CASCADE"
        isConcurrent = node["concurrent"].isTrue
    }
}
