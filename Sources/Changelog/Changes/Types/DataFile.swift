/// A file of separated values with the table it goes into and what its author says of its columns.
struct DataFile: Sendable {
    /// One value of one row.
    struct Cell: Sendable {
        var column: String
        var value: SQLValue
        var allowsUpdate: Bool
    }

    /// What an author says of a column.
    struct Column: Sendable {
        var name: String?
        var header: String?
        var index: Int?
        var type: String?
        var defaultValue: String?
        var nullPlaceholder: String?
        var allowsUpdate: Bool
    }

    let table: ObjectName
    let path: String
    private(set) var cells: [[Cell]] = []
    private let text: String
    private let comment: String?

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        path = decoder.required("file")
        let relative = decoder.boolean("relativeToChangelogFile") ?? false
        let encoding = decoder.string("encoding")
        let separator = decoder.string("separator")
        let quote = decoder.string("quotchar")
        comment = decoder.string("commentLineStartsWith") ?? "#"
        _ = decoder.boolean("usePreparedStatements")
        var columns: [Column] = []
        let nodes = decoder.elements("columns").flatMap { $0.children(named: "column") } + decoder.elements("column")
        for node in nodes { columns.append(decoder.nested(node) { Self.column(&$0) }.0) }
        text = path.isEmpty ? "" : decoder.text(ofFile: path, relative: relative, encoding: encoding) ?? ""
        var reader = CSVReader()
        if let first = separator.map({ $0 == "\\t" ? "\t" : $0 })?.unicodeScalars.first { reader.separator = first }
        if let quote { reader.quote = quote.trimmedOrNil?.unicodeScalars.first }
        read(reader.rows(text), columns, &decoder)
    }

    func inserts(_ dialect: SQLDialect) -> [SQLStatement] {
        // Thousands of rows in one statement gain nothing more and cost memory.
        stride(from: 0, to: cells.count, by: 500).map { start in
            SQLStatement(insert(Array(cells[start..<min(start + 500, cells.count)]), dialect))
        }
    }

    func insert(_ rows: [[Cell]], _ dialect: SQLDialect) -> String {
        let columns = rows.first?.map { dialect.name($0.column) } ?? []
        let values = rows.map { row in "(\(row.map { $0.value.literal(dialect) }.joined(separator: ", ")))" }
        let names = columns.joined(separator: ", ")
        return "INSERT INTO \(dialect.qualified(table)) (\(names)) VALUES \(values.joined(separator: ","))"
    }

    func description(_ name: String) -> String { "\(name) tableName=\(table.name)" }

    /// The digest of the lines that are neither empty nor comments.
    func checksum(_ version: Checksum.Version) -> Checksum {
        let lines = text.split(omittingEmptySubsequences: true) { $0.isNewline }
            .filter { line in comment.map { $0.isEmpty || !line.hasPrefix($0) } ?? true }
        let content = Checksum.of(bytes: lines.joined(separator: "\n").utf8, version: version)
        return Checksum.of("\(table.name):\(content)", version: version)
    }

    private static func column(_ decoder: inout ChangeDecoder) -> Column {
        let column = Column(
            name: decoder.string("name"), header: decoder.string("header"),
            index: decoder.integer("index").flatMap { Int($0) }, type: decoder.string("type"),
            defaultValue: decoder.string("defaultValue"), nullPlaceholder: decoder.string("nullPlaceholder"),
            allowsUpdate: decoder.boolean("allowUpdate") ?? true)
        for field in ["defaultValueNumeric", "defaultValueBoolean", "defaultValueDate", "defaultValueComputed"] {
            _ = decoder.string(field)
        }
        return column
    }

    private mutating func read(_ rows: [[String]], _ columns: [Column], _ decoder: inout ChangeDecoder) {
        guard let headers = rows.first else { return }
        for (offset, row) in rows.enumerated().dropFirst() {
            if row.count == 1, row.first?.trimmedOrNil == nil { continue }
            if let comment, !comment.isEmpty, row.first?.hasPrefix(comment) == true { continue }
            guard row.count == headers.count else {
                cells = []
                if decoder.context.toleratesBadData { return }
                decoder.report(
                    "row \(offset + 1) of \"\(path)\" has \(row.count) values, its header has \(headers.count)")
                return
            }
            cells.append(
                zip(headers, row).enumerated().compactMap { position, pair in
                    let header = pair.0.trimmingSpace
                    let column =
                        columns.first { $0.index == position }
                        ?? columns.first { ($0.header ?? $0.name)?.lowercased() == header.lowercased() }
                    return Self.cell(header, pair.1, column)
                })
        }
    }

    private static func cell(_ header: String, _ text: String, _ column: Column?) -> Cell? {
        let type = column?.type?.lowercased()
        guard type != "skip" else { return nil }
        let isNull =
            column?.nullPlaceholder.map { text.lowercased() == $0.lowercased() } ?? (text.lowercased() == "null")
        let value: SQLValue
        if isNull {
            value = .null
        } else {
            value = self.value(text.isEmpty ? column?.defaultValue : text, type: type)
        }
        return Cell(column: column?.name ?? header, value: value, allowsUpdate: column?.allowsUpdate ?? true)
    }

    private static func value(_ text: String?, type: String?) -> SQLValue {
        guard let text else { return type == nil || type == "string" ? .text("") : .null }
        switch type {
        case "boolean": return .boolean(["true", "t", "yes", "y", "1", "on"].contains(text.trimmingSpace.lowercased()))
        case "numeric": return .number(text)
        case "date", "datetime", "time":
            return ISODate.normalized(text).map { .date($0) } ?? .expression(text)
        case "computed": return .expression(text)
        case "sequence": return .nextValue(sequence: text, schema: nil)
        default: return .text(text)
        }
    }
}
