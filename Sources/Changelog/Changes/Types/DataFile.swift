import Diagnostics

/// A file of separated values with the table it goes into and what its author says of its columns.
struct DataFile: Sendable {
    /// What an author says of a column.
    struct Column: Sendable {
        var name: String?
        var header: String?
        var index: Int?
        var type: String?
        var defaults: LoadType.Defaults
        var nullPlaceholder: String?
        var allowsUpdate: Bool
    }

    /// What authors say of columns, found without looking through all of them.
    private struct ColumnIndex {
        private let columns: [Column]
        private var exact: [String: Int] = [:]
        private var places: [Int: Int] = [:]
        private var folded: [String: Int] = [:]

        init(_ columns: [Column]) {
            self.columns = columns
            for (number, column) in columns.enumerated().reversed() {
                if let index = column.index { places[index] = number }
                for name in [column.name, column.header] {
                    guard let name else { continue }
                    exact[name] = number
                    folded[name.lowercased()] = number
                }
            }
        }

        /// What is said of the column at a place of the file: by its name or header, or by its number.
        func column(at position: Int, _ header: String) -> Column? {
            let found = [exact[header], places[position]].compactMap(\.self).min()
            return (found ?? folded[header.trimmingSpace.lowercased()]).map { columns[$0] }
        }
    }

    let table: ObjectName
    let path: String
    private var cells: [[DataCell]] = []
    /// Why there are no rows. It is no mistake of the changelog: Liquibase reads the file when its turn comes.
    private var problem: String?
    private let bytes: [UInt8]
    private let comment: String?
    private let sendsParameters: Bool?

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        path = decoder.required("file")
        let relative = decoder.boolean("relativeToChangelogFile") ?? false
        let encoding = decoder.string("encoding")
        let separator = decoder.string("separator")
        let quote = decoder.string("quotchar")
        comment = decoder.string("commentLineStartsWith") ?? "#"
        sendsParameters = decoder.boolean("usePreparedStatements")
        var columns: [Column] = []
        for list in decoder.elements("columns") + decoder.elements("column") {
            let inner = list.children(named: "column")
            for node in inner.isEmpty ? [list] : inner {
                columns.append(decoder.nested(node) { Self.column(&$0) }.0)
            }
        }
        bytes = path.isEmpty ? [] : decoder.file(path, relative: relative) ?? []
        let text = decoder.text(bytes, encoding: encoding) ?? ""
        var reader = CSVReader()
        if let first = separator.map({ $0 == "\\t" ? "\t" : $0 })?.unicodeScalars.first { reader.separator = first }
        if let quote { reader.quote = quote.trimmedOrNil?.unicodeScalars.first }
        do {
            let context = decoder.context
            problem = read(try reader.rows(text), columns) {
                Self.content(of: $0, $1, relative: relative, context)
            }
        } catch {
            problem = "a quoted value of \"\(path)\" is never closed"
        }
        if problem != nil { cells = [] }
        if decoder.context.toleratesBadData { problem = nil }
    }

    /// The rows. Throws when the file cannot be understood.
    func rows() throws -> [[DataCell]] {
        if let problem { throw ChangeFailure(message: problem) }
        return cells
    }

    /// The statements that insert all rows.
    func inserts(_ dialect: SQLDialect) throws -> [SQLStatement] {
        let rows = try rows()
        return rows.isEmpty ? [] : [try statement(.rows(rows, sendsParameters: sendsParameters), dialect)]
    }

    func statement(_ shape: TypedStatement.Shape, _ dialect: SQLDialect) throws -> SQLStatement {
        try SQLStatement(TypedStatement(table: table, shape: shape, dialect: dialect))
    }

    func description(_ name: String) -> String { "\(name) tableName=\(table.name)" }

    /// The digest of the lines that are neither empty nor comments, as they stand in the file.
    func checksum(_ version: Checksum.Version) -> Checksum {
        let mark = Array((comment ?? "").utf8)
        let lines = bytes.split(omittingEmptySubsequences: true) { $0 == 0x0A || $0 == 0x0D }
            .filter { mark.isEmpty || !$0.starts(with: mark) }
        let content = Checksum.of(bytes: lines.joined(separator: [0x0A]), version: version)
        return Checksum.of("\(table.name):\(content)", version: version)
    }

    private static func column(_ decoder: inout ChangeDecoder) -> Column {
        Column(
            name: decoder.string("name"), header: decoder.string("header"),
            index: decoder.integer("index").flatMap { Int($0) }, type: decoder.string("type"),
            defaults: LoadType.Defaults(
                text: decoder.string("defaultValue"), number: decoder.string("defaultValueNumeric"),
                boolean: decoder.boolean("defaultValueBoolean"), date: decoder.string("defaultValueDate"),
                expression: decoder.string("defaultValueComputed")),
            nullPlaceholder: decoder.string("nullPlaceholder"), allowsUpdate: decoder.boolean("allowUpdate") ?? true)
    }

    private mutating func read(
        _ rows: [[String]], _ columns: [Column], content: (String, LoadType?) -> [UInt8]?
    ) -> String? {
        guard let headers = rows.first else { return "the file \"\(path)\" is empty" }
        let index = ColumnIndex(columns)
        let taken = headers.enumerated().map { position, header in index.column(at: position, header) }
        for (offset, row) in rows.enumerated().dropFirst() {
            if row.count == 1, row.first?.trimmedOrNil == nil { continue }
            if let comment, !comment.isEmpty, row.first?.begins(with: comment) == true { continue }
            guard row.count == headers.count else {
                return "row \(offset + 1) of \"\(path)\" has \(row.count) values, its header has \(headers.count)"
            }
            cells.append(
                zip(zip(headers, taken), row).compactMap { place, text in
                    guard var cell = Self.cell(place.0, place.1, text) else { return nil }
                    cell.content = content(text, cell.type)
                    return cell
                })
        }
        return nil
    }

    private static func cell(_ header: String, _ column: Column?, _ text: String) -> DataCell? {
        let type = column?.type.map { LoadType($0) }
        guard type != .skip else { return nil }
        return DataCell(
            column: column?.name ?? header, text: text,
            isNull: column?.nullPlaceholder.map { text == $0 } ?? (text.lowercased() == "null"), type: type,
            defaults: column?.defaults ?? LoadType.Defaults(), allowsUpdate: column?.allowsUpdate ?? true)
    }

    /// The content of a file that a value names. It is looked for where the value may be one, and could be a name at all: a
    /// file has no thousands of values that are.
    private static func content(
        of text: String, _ type: LoadType?, relative: Bool, _ context: DecodingContext
    ) -> [UInt8]? {
        guard text.utf8.count <= 255, !text.utf8.contains(where: { $0 < 0x20 }) else { return nil }
        let places: [Bool]
        switch type {
        case .blob: places = DataCell.isBase64(text) ? [] : [true, false]
        case nil where text.utf8.contains(UInt8(ascii: ".")) && Double(text) == nil: places = [relative]
        case .clob where text.utf8.contains(UInt8(ascii: ".")): places = [relative]
        default: places = []
        }
        return places.lazy.compactMap { context.content(ofFile: text, relativeToChangelog: $0) }.first
    }
}
