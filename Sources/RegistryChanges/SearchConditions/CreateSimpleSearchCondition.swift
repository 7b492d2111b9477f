import Changelog

/// `createSimpleSearchCondition`: a view of a whole table, searched by at most one column.
struct CreateSimpleSearchCondition: Change {
    static let name = "createSimpleSearchCondition"

    private var condition: String
    private var table = ""
    private var alias = ""
    private var column: SearchColumn?
    private var index: SQLStatement?
    private var limit: String?
    private var readsAsync: Bool

    init(from decoder: inout ChangeDecoder) {
        condition = decoder.requiredName("name").lowercased()
        decoder.record("name", .text(condition))
        decoder.checkName(condition + "_v")
        let indexing = decoder.boolean("indexing") ?? false
        limit = decoder.value("limit")
        readsAsync = decoder.string("readMode") == "async"
        decoder.requireAlone(among: RegistryChanges.searchConditions)
        guard let node = decoder.element("table") else {
            decoder.report("'table' is required")
            return
        }
        let (source, _) = decoder.nested(node) { decoder in
            (
                table: decoder.requiredValue("name"), alias: decoder.required("alias"),
                column: decoder.value("searchColumn"), kind: decoder.string("searchType"),
                type: decoder.string("type")
            )
        }
        var records = (table: ChangeRecord(), column: ChangeRecord())
        records.table.set("name", source.table)
        records.table.set("alias", source.alias)
        for field in ["columns", "functions"] { records.table.set(field, .list([])) }
        records.table.set("usedInSQLClause", "false")
        records.column.set("name", source.column)
        records.column.set("type", source.type)
        records.column.set("searchType", source.kind)
        decoder.record("table", .object(records.table))
        decoder.record("searchColumn", .object(records.column))
        (table, alias) = (source.table, source.alias)
        if let name = source.column {
            let type = decoder.tables.column(name, of: table)?.type ?? source.type
            column = SearchColumn(name: name, type: type, searchType: source.kind)
        }
        if let kind = source.kind, SearchColumn.searchTypes[kind] == nil {
            decoder.report("the search type \"\(kind)\" is not known", at: node.location)
        }
        guard indexing else { return }
        guard let column, column.searchType != nil else {
            decoder.report("'indexing' is true, so 'searchColumn' and 'searchType' are required", at: node.location)
            return
        }
        index = makeIndex(column, &decoder)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        var statements: [SQLStatement] = [
            "CREATE OR REPLACE VIEW \(condition)_v AS SELECT \(alias).* FROM \(table) AS \(alias)"
        ]
        if let index { statements.append(index) }
        if let column, let kind = column.searchType.flatMap({ SearchColumn.searchTypes[$0] }) {
            statements.append(MetadataSQL.insert("searchCondition", condition, kind, column.name))
        }
        if let limit, limit.lowercased() != "all" {
            statements.append(MetadataSQL.insert("searchCondition", condition, "limit", limit))
        }
        if readsAsync { statements.append(MetadataSQL.insert("readMode", Self.name, condition, "async")) }
        return statements
    }

    /// Unlike the index of a full search condition: a name of its own, and pattern operators for `contains` too.
    private func makeIndex(_ column: SearchColumn, _ decoder: inout ChangeDecoder) -> SQLStatement? {
        var key = column.isComparedAsText ? "lower(cast(\(column.name) as varchar))" : column.name
        if ["contains", "startsWith", "startsWithArray"].contains(column.searchType) {
            guard let operators = SearchIndex.patternOperators(column.type) else {
                decoder.report(
                    "an index on \(table).\(column.name) needs the type text, varchar or char without a length",
                    hint: "createTable and addColumn of the changelog say the type; otherwise write 'type'")
                return nil
            }
            key += " \(operators)"
        }
        return "CREATE INDEX ix_\(condition)_\(table)_\(column.name) ON \(table)(\(key))"
    }
}
