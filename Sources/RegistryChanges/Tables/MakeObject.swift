import Changelog

/// `makeObject`: tables whose rows belong to subjects from now on.
struct MakeObject: Change {
    static let name = "makeObject"

    private var objects: [(table: String, column: DecodedChange?, rotation: HistoryRotation)] = []

    init(from decoder: inout ChangeDecoder) {
        var records: [ChangeRecord] = []
        for node in decoder.elements("table") {
            let (table, record) = decoder.nested(node) { decoder in
                for field in ["columns", "functions"] { decoder.record(field, .list([])) }
                decoder.record("usedInSQLClause", .text("false"))
                return decoder.requiredName("name")
            }
            records.append(record)
            let change = Self.addColumn(to: table, node)
            objects.append(
                (
                    table, decoder.standard(change),
                    HistoryRotation(adding: change, to: table, &decoder, counts: false)
                ))
        }
        if objects.isEmpty { decoder.report("at least one 'table' is required") }
        decoder.record("tables", .list(records))
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        try objects.map { object in
            let exists = """
                EXISTS (SELECT FROM information_schema.columns WHERE \
                table_name = \(MetadataSQL.literal(object.table)) AND column_name = '\(Subject.column)')
                """
            return try object.rotation.block(
                dialect, unless: exists, first: try object.column?.change.statements(dialect) ?? [])
        }
    }

    private static func addColumn(to table: String, _ node: ChangelogNode) -> ChangelogNode {
        let attribute = { ChangelogNode(name: $0, value: $1, location: node.location) }
        let constraints = Subject.reference(of: table).map { attribute($0, $1) }
        return ChangelogNode(
            name: "addColumn",
            children: [
                attribute("tableName", table),
                ChangelogNode(
                    name: "column",
                    children: [
                        attribute("name", Subject.column), attribute("type", Subject.type),
                        ChangelogNode(name: "constraints", children: constraints, location: node.location),
                    ], location: node.location),
            ], location: node.location)
    }
}
