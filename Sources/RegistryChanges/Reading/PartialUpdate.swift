import Changelog

/// `partialUpdate`: the columns that services may update without the others.
struct PartialUpdate: Change {
    static let name = "partialUpdate"

    private var update: String
    private var tables: [(name: String, columns: [String])] = []

    init(from decoder: inout ChangeDecoder) {
        update = decoder.requiredValue("name")
        var records: [ChangeRecord] = []
        for node in decoder.elements("table") {
            let (table, record) = decoder.nested(node) { Self.table(&$0) }
            if tables.contains(where: { $0.name == table.name }) {
                decoder.report("the table '\(table.name)' is there twice", at: node.location)
            }
            tables.append(table)
            records.append(record)
        }
        if tables.isEmpty { decoder.report("at least one 'table' is required") }
        decoder.record("tables", .list(records))
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        // Of several tables the platform's own tool notes the last one only, and services know no others.
        let noted = tables.suffix(1).flatMap { table in
            table.columns.map { MetadataSQL.insert("partialUpdate", update, table.name, $0) }
        }
        return tables.map { ExistenceSQL.table($0.name) } + noted
    }

    private static func table(_ decoder: inout ChangeDecoder) -> (name: String, columns: [String]) {
        let name = decoder.requiredValue("name")
        var columns: [String] = []
        var records: [ChangeRecord] = []
        for node in decoder.elements("column") {
            let (column, record) = decoder.nested(node) { $0.requiredValue("name") }
            columns.append(column)
            records.append(record)
        }
        decoder.record("columns", .list(records))
        decoder.record("functions", .list([]))
        decoder.record("usedInSQLClause", .text("false"))
        return (name, columns)
    }
}

/// Statements that fail when something is not there.
enum ExistenceSQL {
    static func table(_ name: String) -> SQLStatement {
        require("to_regclass('\(name)') IS NOT NULL", "the table \(name) does not exist")
    }

    static func searchCondition(_ name: String) -> SQLStatement {
        require(
            """
            EXISTS (SELECT FROM ddm_liquibase_metadata WHERE change_type = 'searchCondition' AND change_name = '\(name)')
            """, "the search condition \(name) does not exist")
    }

    private static func require(_ condition: String, _ complaint: String) -> SQLStatement {
        MetadataSQL.block(
            """
            BEGIN
                IF NOT (\(condition)) THEN
                    RAISE EXCEPTION USING MESSAGE = '\(complaint)', ERRCODE = 'undefined_object';
                END IF;
            END
            """)
    }
}
