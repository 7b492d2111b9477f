/// `loadData`: the rows of a file of separated values.
struct LoadData: Change {
    static let name = "loadData"

    private var rows: DataFile

    init(from decoder: inout ChangeDecoder) {
        rows = DataFile(from: &decoder)
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] { rows.inserts(dialect) }

    func description(of record: ChangeRecord) -> String { rows.description(Self.name) }

    func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum { rows.checksum(version) }
}

/// `loadUpdateData`: rows of a file that are updated when they are there, and inserted when they are not.
struct LoadUpdateData: Change {
    static let name = "loadUpdateData"

    private var rows: DataFile
    private var primaryKey: String
    private var onlyUpdate: Bool

    init(from decoder: inout ChangeDecoder) {
        rows = DataFile(from: &decoder)
        primaryKey = decoder.required("primaryKey")
        onlyUpdate = decoder.boolean("onlyUpdate") ?? false
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        let keys = primaryKey.split(separator: ",").map { String($0).trimmingSpace }
        return rows.cells.map { row in SQLStatement(upsert(row, keys: keys, dialect)) }
    }

    func description(of record: ChangeRecord) -> String { rows.description(Self.name) }

    func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum { rows.checksum(version) }

    private func upsert(_ row: [DataFile.Cell], keys: [String], _ dialect: SQLDialect) -> String {
        let table = dialect.qualified(rows.table)
        let condition = keys.map { key -> String in
            let value = row.first { $0.column == key }?.value.literal(dialect) ?? "NULL"
            return "\(dialect.name(key)) \(value == "NULL" ? "is" : "=") \(value)"
        }.joined(separator: " AND ")
        let settings = row.filter { !keys.contains($0.column) && $0.allowsUpdate }
            .sorted { $0.column < $1.column }
            .map { "\(dialect.name($0.column)) = \($0.value.literal(dialect))" }
        var text = "DO\n$$\nBEGIN\n"
        if settings.isEmpty {
            text += "perform * from \(table) WHERE \(condition);\n"
        } else {
            text += "UPDATE \(table) SET \(settings.joined(separator: ", ")) WHERE \(condition)"
            text += onlyUpdate ? ";\n\n" : ";\n"
        }
        if !onlyUpdate {
            text += "IF not found THEN\n\(rows.insert([row], dialect));\nEND IF;\n"
        }
        return text + "END;\n$$\nLANGUAGE plpgsql;\n"
    }
}
