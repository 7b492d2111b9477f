import Changelog
import Diagnostics

/// `createSearchCondition`: a view that services search in, with what they may search by.
struct CreateSearchCondition: Change {
    static let name = "createSearchCondition"

    private struct Part {
        var name: String
        var query: SearchQuery
    }

    private var condition: String
    private var parts: [Part]
    private var query: SearchQuery
    private var indexes: [SQLStatement] = []
    private var metadata: [SQLStatement] = []

    init(from decoder: inout ChangeDecoder) {
        condition = decoder.requiredName("name").lowercased()
        decoder.record("name", .text(condition))
        decoder.checkName(condition + "_v")
        let indexing = decoder.boolean("indexing") ?? false
        let limit = decoder.value("limit")
        let pagination = decoder.value("pagination")
        let readMode = decoder.string("readMode")
        parts = decoder.list("cte", as: "ctes") { decoder in
            let name = decoder.required("name")
            // Without effect, in the platform's own tool too.
            _ = decoder.string("limit")
            decoder.record("conditions", .list([]))
            return Part(name: name, query: SearchQuery(from: &decoder))
        }
        query = SearchQuery(from: &decoder)
        decoder.requireAlone(among: RegistryChanges.searchConditions)
        takeTypes(&decoder)
        if indexing { indexes = searchIndexes(&decoder) }
        metadata = rows(&decoder)
        if let limit, limit.lowercased() != "all" { note("limit", limit) }
        if let pagination { note("pagination", pagination) }
        if readMode == "async" { metadata.append(MetadataSQL.insert("readMode", Self.name, condition, "async")) }
        if let text = SearchOperator.json(of: query.tables) { note("logicOperator", text) }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        var text = "CREATE OR REPLACE VIEW \(condition)_v AS "
        if !parts.isEmpty {
            text += "WITH " + parts.map { "\($0.name) AS (\($0.query.sql))" }.joined(separator: ", ") + " "
        }
        return [SQLStatement(text + query.sql)] + indexes
            + ["GRANT SELECT ON \(condition)_v TO application_role"] + metadata
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { DropSearchCondition.statements(condition) }

    private mutating func note(_ attribute: String, _ value: String) {
        metadata.append(MetadataSQL.insert("searchCondition", condition, attribute, value))
    }

    /// Gives the columns the types that the changelog declares.
    private mutating func takeTypes(_ decoder: inout ChangeDecoder) {
        let tables = decoder.tables
        for index in query.tables.indices {
            let declared = Dictionary(tables.columns(of: query.tables[index].name).map { ($0.name, $0.type) }) { $1 }
            for column in query.tables[index].columns.indices {
                let name = query.tables[index].columns[column].name
                guard let type = declared[name] ?? nil else { continue }
                query.tables[index].columns[column].type = type
            }
        }
    }

    private func searchIndexes(_ decoder: inout ChangeDecoder) -> [SQLStatement] {
        var statements: [SQLStatement] = []
        var isSearched = false
        for table in query.tables {
            for column in table.columns where column.searchType != nil {
                isSearched = true
                guard let source = source(of: column.name, in: table.name) else {
                    decoder.report("the part '\(table.name)' has no column '\(column.name)'")
                    continue
                }
                let index = SearchIndex(table: source.table, column: source.column, searched: column)
                if let statement = index.statement(&decoder) { statements.append(statement) }
            }
        }
        if !isSearched {
            decoder.report("'indexing' is true, and no column has a 'searchType'")
        }
        return statements
    }

    /// The table and column that a column of a part comes from.
    private func source(of column: String, in table: String) -> (table: String, column: String)? {
        var (table, column) = (table, column)
        // A part is made of earlier ones only, so each step leads to another.
        for _ in 0...parts.count {
            guard let part = parts.first(where: { $0.name == table }) else { return (table, column) }
            guard let found = part.query.source(of: column) else { return nil }
            (table, column) = found
        }
        return nil
    }

    /// What services must know of each table's columns.
    private func rows(_ decoder: inout ChangeDecoder) -> [SQLStatement] {
        let tables = decoder.tables
        var rows: [SQLStatement] = []
        for table in query.tables {
            rows += table.functions.map { MetadataSQL.insert(condition, table.name, $0.name, $0.alias) }
            for column in table.allColumns {
                let insert = { MetadataSQL.insert("searchCondition", condition, $0, column.label) }
                rows.append(insert("column"))
                let target = column.fetchType == "entity" ? tables.target(of: column.name, in: table.name) : nil
                if column.fetchType == "entity", target == nil {
                    decoder.report(
                        "the column '\(column.name)' of \(table.name) leads to no table, so no entity is fetched by it",
                        hint: "a foreign key with a name, or a createMany2Many")
                }
                if column.isReturned == true {
                    rows.append(MetadataSQL.insert(condition, table.name, column.name, column.label))
                    if let target { rows.append(MetadataSQL.insert("nestedRead", condition, target, column.label)) }
                }
                if let kind = column.searchType.flatMap({ SearchColumn.searchTypes[$0] }) { rows.append(insert(kind)) }
                if column.isRequired == true { rows.append(insert("requiredColumn")) }
            }
        }
        return rows
    }
}

extension SearchQuery {
    /// The table and column that one of the query's columns comes from.
    fileprivate func source(of column: String) -> (table: String, column: String)? {
        let name = column.lowercased()
        for table in tables {
            if let found = table.columns.first(where: { $0.label.lowercased() == name }) {
                return (table.name, found.name)
            }
            if let found = table.functions.first(where: { $0.alias.lowercased() == name }) {
                return (table.name, found.column)
            }
        }
        return nil
    }
}

extension SearchOperator {
    /// The operators of all tables as services read them; nil when there are none.
    static func json(of tables: [SearchQuery.Table]) -> String? {
        let texts = tables.filter { !$0.operators.isEmpty }.map { table in
            "{\"tableName\":\(quoted(table.alias ?? table.name)),\"logicOperators\":\(list(table.operators))}"
        }
        return texts.isEmpty ? nil : "{\"operations\":[\(texts.joined(separator: ","))]}"
    }

    private static func list(_ operators: [SearchOperator]) -> String {
        let texts = operators.map { item in
            let columns = item.columns.map { quoted($0.label) }.joined(separator: ",")
            return """
                {"type":\(quoted(item.type)),"columns":[\(columns)],"logicOperators":\(list(item.operators))}
                """
        }
        return "[\(texts.joined(separator: ","))]"
    }

    private static func quoted(_ text: String) -> String {
        "\"\(text.replacingAll("\\", with: "\\\\").replacingAll("\"", with: "\\\""))\""
    }
}
