import Diagnostics

/// `loadData`: the rows of a file of separated values.
struct LoadData: Change {
    static let name = "loadData"

    private var rows: DataFile

    init(from decoder: inout ChangeDecoder) {
        rows = DataFile(from: &decoder)
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] { try rows.inserts(dialect) }

    func description(of record: ChangeRecord) -> String { rows.description(Self.name) }

    func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum { rows.checksum(version) }
}

/// `loadUpdateData`: rows of a file that are updated when they are there, and inserted when they are not.
struct LoadUpdateData: Change {
    static let name = "loadUpdateData"

    private var rows: DataFile
    private var primaryKey: String
    private var onlyUpdate: Bool
    private var keys: [String] { primaryKey.words(at: ",").map { String($0).trimmingSpace } }

    init(from decoder: inout ChangeDecoder) {
        rows = DataFile(from: &decoder)
        primaryKey = decoder.required("primaryKey")
        onlyUpdate = decoder.boolean("onlyUpdate") ?? false
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        try rows.rows().map { row in try rows.statement(.pieces(upsert(row, dialect)), dialect) }
    }

    func description(of record: ChangeRecord) -> String { rows.description(Self.name) }

    func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum { rows.checksum(version) }

    /// Whatever the rows' keys pick is deleted, as Liquibase does it, even what was there before.
    func inverse(_ dialect: SQLDialect) throws -> [SQLStatement]? {
        try rows.rows().map { row in
            try rows.statement(
                .pieces([.text("DELETE FROM \(dialect.qualified(rows.table)) WHERE ")] + condition(row, dialect)),
                dialect)
        }
    }

    private func condition(_ row: [DataCell], _ dialect: SQLDialect) -> [TypedStatement.Piece] {
        joined(" AND ", keys.map { key in [.text(dialect.name(key))] + comparison(key, row, dialect) })
    }

    private func upsert(_ row: [DataCell], _ dialect: SQLDialect) -> [TypedStatement.Piece] {
        let table = dialect.qualified(rows.table)
        let condition = self.condition(row, dialect)
        let settings: [[TypedStatement.Piece]] = row.filter { !keys.contains($0.column) && $0.allowsUpdate }
            .sorted { $0.column < $1.column }
            .map { [.text("\(dialect.name($0.column)) = "), .cell($0)] }
        var pieces: [TypedStatement.Piece] = [.text("DO\n$$\nBEGIN\n")]
        if settings.isEmpty {
            pieces += [.text("perform * from \(table) WHERE ")] + condition + [.text(";\n")]
        } else {
            pieces += [.text("UPDATE \(table) SET ")] + joined(", ", settings) + [.text(" WHERE ")] + condition
            pieces.append(.text(onlyUpdate ? ";\n\n" : ";\n"))
        }
        if !onlyUpdate {
            pieces += [.text("IF not found THEN\n")] + insert(row, table, dialect) + [.text(";\nEND IF;\n")]
        }
        return pieces + [.text("END;\n$$\nLANGUAGE plpgsql;\n")]
    }

    private func comparison(
        _ key: String, _ row: [DataCell], _ dialect: SQLDialect
    ) -> [TypedStatement.Piece] {
        guard let cell = row.first(where: { $0.column == key }) else { return [.text(" is NULL")] }
        return cell.isNull ? [.text(" is NULL")] : [.text(" = "), .cell(cell)]
    }

    private func insert(_ row: [DataCell], _ table: String, _ dialect: SQLDialect) -> [TypedStatement.Piece] {
        let names = row.map { dialect.name($0.column) }.joined(separator: ", ")
        return [.text("INSERT INTO \(table) (\(names)) VALUES (")] + joined(", ", row.map { [.cell($0)] }) + [
            .text(")")
        ]
    }

    private func joined(_ separator: String, _ parts: [[TypedStatement.Piece]]) -> [TypedStatement.Piece] {
        Array(parts.joined(separator: [.text(separator)]))
    }
}
