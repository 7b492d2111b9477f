import Diagnostics

/// `sql`: an author's own statements.
struct RawSQL: Change {
    static let name = "sql"

    var text: String
    var dbms: String?
    var splitter: StatementSplitter
    var location: SourceLocation

    init(from decoder: inout ChangeDecoder) {
        location = decoder.node.location
        splitter = StatementSplitter(from: &decoder)
        dbms = decoder.string("dbms")
        decoder.ignore("comment", "rerunnable", "encoding")
        text = decoder.text(or: "sql")?.trimmedOrNil ?? ""
        if text.isEmpty { decoder.report("'sql' is required") }
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] { try splitter.statements(text, at: location) }

    func description(of record: ChangeRecord) -> String { Self.name }

    func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum {
        Checksum.of(sql: text, splitter, version: version)
    }
}

/// `sqlFile`: the statements of a file.
struct SQLFile: Change {
    static let name = "sqlFile"

    var text: String
    private var written: String
    var dbms: String?
    var splitter: StatementSplitter
    var location: SourceLocation

    init(from decoder: inout ChangeDecoder) {
        splitter = StatementSplitter(from: &decoder)
        dbms = decoder.string("dbms")
        let path = decoder.required("path")
        let relative = decoder.boolean("relativeToChangelogFile") ?? false
        let encoding = decoder.string("encoding")
        _ = decoder.boolean("doExpandExpressionsInGenerateChecksum")
        decoder.ignore("comment")
        written = path.isEmpty ? "" : decoder.text(ofFile: path, relative: relative, encoding: encoding) ?? ""
        text = decoder.context.expand(written)
        let file = try? decoder.context.path(path, relativeToChangelog: relative)
        location = SourceLocation(file: file?.normalized ?? path, line: 1)
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] { try splitter.statements(text, at: location) }

    /// Properties in the file do not count: it is the text before they are put in.
    func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum {
        Checksum.of(sql: written, splitter, version: version)
    }
}

extension StatementSplitter {
    /// Reads the three attributes that say how a text is cut.
    init(from decoder: inout ChangeDecoder) {
        self.init(
            splits: decoder.boolean("splitStatements") ?? true,
            stripsComments: decoder.boolean("stripComments") ?? false,
            delimiter: decoder.string("endDelimiter"))
        guard let length = delimiter?.utf8.count, length > DelimiterMatcher.limit else { return }
        decoder.report("'endDelimiter' has \(length) bytes, and at most \(DelimiterMatcher.limit) are taken")
        delimiter = nil
    }

    /// The statements of a text that begins at a place, each with its own.
    func statements(_ text: String, at location: SourceLocation) throws -> [SQLStatement] {
        // Java's own line ends are those of Unix.
        let text =
            text.utf8.contains(UInt8(ascii: "\r"))
            ? text.replacingAll("\r\n", with: "\n")
                .replacingAll("\r", with: "") : text
        return try split(text).map { piece in
            let place = SourceLocation(file: location.file, line: location.line.map { $0 + piece.lineOffset })
            return SQLStatement(JDBCEscapes.native(piece.text), location: place)
        }
    }
}
