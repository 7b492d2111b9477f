import Changelog

/// `createTable` with `historyFlag`: a table, its table of past states, indexes on foreign keys and rights.
///
/// Without the attribute it is Liquibase's own `createTable`.
struct CreateHistoryTable: Change {
    static let name = "createTable"

    private var standard: DecodedChange?
    private var history: Parts?

    /// What one registry table is made of, each a change of Liquibase's own.
    private struct Parts {
        var table: String
        var pastKey: String
        var past: DecodedChange?
        var current: DecodedChange?
        var indexes: [DecodedChange] = []
        var classification: DecodedChange?
        var readsAsync = false
        var loadsInBulk = false
        var generated: [GeneratedColumn] = []
        var contexts: RuntimeContexts
    }

    init(from decoder: inout ChangeDecoder) {
        let node = decoder.node
        let hasColumnFields = HistoryTable.columns(of: node).contains { column in
            Self.columnFields.contains { column.child($0) != nil }
        }
        guard hasColumnFields || Self.fields.contains(where: { node.child($0) != nil }) else {
            standard = decoder.delegate(node, to: .standard)
            return
        }
        let bare = node.without(Self.fields).mapColumns { $0.without(Self.columnFields) }
        standard = decoder.delegate(bare, to: .standard)
        let hasHistory = decoder.boolean("historyFlag")
        let isObject = decoder.boolean("isObject") ?? false
        let readMode = decoder.string("readMode")
        let bulkLoad = decoder.boolean("bulkLoad") ?? false
        if let distribution = decoder.string("distribution"), distribution != "local" {
            decoder.report(
                "'distribution' is for Citus, which is not supported", code: "changelog.unsupported-attribute")
        }
        let classified = HistoryTable.columns(of: node).compactMap { column in
            column["classify"].map { (column: column["name"] ?? "", kind: $0) }
        }
        let generated = GeneratedColumn.read(&decoder)
        recordColumns(&decoder)
        guard decoder.requireHistory(hasHistory) else { return }
        guard let name = node["tableName"]?.lowercased() else { return }
        decoder.checkName(HistoryTable.pastName(name))
        for column in HistoryTable.columns(of: node) {
            decoder.checkName(column["name"] ?? "", at: column.location)
        }
        for column in classified where column.kind != "private" && column.kind != "confidential" {
            decoder.report("'classify' is private or confidential, not \"\(column.kind)\"")
        }
        if let readMode, readMode != "async", readMode != "sync" {
            decoder.report("'readMode' is sync or async, not \"\(readMode)\"")
        }
        let keys = HistoryTable.columns(of: node).compactMap { $0.child("constraints") }
            .filter { HistoryTable.isTrue($0["primaryKey"]) }
        if keys.isEmpty {
            decoder.report("the table \(name) has no primary key", hint: "every registry table needs one")
        }
        let table = HistoryTable(
            node: bare, name: name, isObject: isObject || !classified.isEmpty, classified: classified)
        let past = HistoryTable.pastName(name)
        history = Parts(
            table: name, pastKey: keys.compactMap { $0["primaryKeyName"] }.last { !$0.isEmpty } ?? past + "_pkey",
            past: decoder.standard(table.past), current: decoder.standard(table.current),
            indexes: table.foreignKeys.compactMap { decoder.standard(Self.index(on: name, $0, bare)) },
            classification: classified.isEmpty ? nil : decoder.standard(Self.classification(name, classified, bare)),
            readsAsync: readMode == "async", loadsInBulk: bulkLoad, generated: generated,
            contexts: decoder.context.overview.contexts)
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        guard let history else { return try standard?.change.statements(dialect) ?? [] }
        let past = HistoryTable.pastName(history.table)
        var statements = try history.past?.change.statements(dialect) ?? []
        let schema = standard?.record.text("schemaName")
        statements.insert(
            "ALTER TABLE \(dialect.qualified(past, schema: schema)) DROP CONSTRAINT \(dialect.name(history.pastKey))",
            at: min(1, statements.count))
        statements += AccessSQL.table(dialect.name(past), isPast: true, history.contexts)
        var current = try history.current?.change.statements(dialect) ?? []
        let extras = try (history.indexes + [history.classification].compactMap(\.self))
            .flatMap { try $0.change.statements(dialect) }
        current.insert(contentsOf: extras, at: min(1, current.count))
        statements += current + AccessSQL.table(dialect.name(history.table), isPast: false, history.contexts)
        if history.readsAsync {
            statements.append(MetadataSQL.insert("readMode", Self.name, history.table, "async"))
        }
        statements += history.generated.flatMap { $0.statements(table: history.table) }
        if history.loadsInBulk {
            statements.append(MetadataSQL.insert("bulkLoad", history.table, "bulkLoad", "true"))
        }
        return statements
    }

    func inverse(_ dialect: SQLDialect) throws -> [SQLStatement]? {
        guard let history else { return try standard?.change.inverse(dialect) }
        let schema = standard?.record.text("schemaName")
        return [history.table, HistoryTable.pastName(history.table)].map {
            "DROP TABLE \(dialect.qualified($0, schema: schema))"
        }
    }

    private static let fields: Set<String> = [
        "historyFlag", "isObject", "readMode", "bulkLoad", "distribution",
    ]
    private static let columnFields: Set<String> = ["classify", "autoGenerate"]

    /// Puts the columns' own fields into the record.
    private func recordColumns(_ decoder: inout ChangeDecoder) {
        guard case .list(var records)? = standard?.record["columns"] else { return }
        for (index, column) in HistoryTable.columns(of: decoder.node).enumerated() where records.indices.contains(index)
        {
            for field in Self.columnFields { records[index].set(field, column[field]) }
        }
        decoder.record("columns", .list(records))
    }

    private static func index(
        on table: String, _ key: (column: String, table: String), _ node: ChangelogNode
    ) -> ChangelogNode {
        let attribute = { ChangelogNode(name: $0, value: $1, location: node.location) }
        let name = "ix_\(table)_\(key.table)__\(key.column)"
        return ChangelogNode(
            name: "createIndex",
            children: [
                attribute("indexName", name), attribute("tableName", table),
                ChangelogNode(name: "column", children: [attribute("name", key.column)], location: node.location),
            ], location: node.location)
    }

    private static func classification(
        _ table: String, _ columns: [(column: String, kind: String)], _ node: ChangelogNode
    ) -> ChangelogNode {
        let attribute = { ChangelogNode(name: $0, value: $1, location: node.location) }
        let value = columns.map { "\"(\($0.column),\($0.kind))\"" }.joined(separator: ", ")
        return ChangelogNode(
            name: "addDefaultValue",
            children: [
                attribute("tableName", table), attribute("columnName", "dcm_classification"),
                attribute("columnDataType", "text"), attribute("defaultValue", "{\(value)}"),
            ], location: node.location)
    }
}
