import Diagnostics

/// `createView`: by its query, or by a full statement of the author's.
struct CreateView: Change {
    static let name = "createView"

    var view: ObjectName
    var query: String
    var replaces: Bool
    var isFullDefinition: Bool
    var remarks: String?
    private var isFromFile: Bool

    init(from decoder: inout ChangeDecoder) {
        view = decoder.object("viewName")
        replaces = decoder.boolean("replaceIfExists") ?? false
        isFullDefinition = decoder.boolean("fullDefinition") ?? false
        remarks = decoder.string("remarks")
        let path = decoder.string("path", recorded: false)
        let relative = decoder.boolean("relativeToChangelogFile", recorded: false) ?? false
        let encoding = decoder.string("encoding", recorded: false)
        isFromFile = path != nil
        if let path {
            let text = decoder.text(ofFile: path, relative: relative, encoding: encoding) ?? ""
            query = decoder.context.expand(text)
        } else {
            query = decoder.text(or: "selectQuery") ?? ""
        }
        if query.trimmedOrNil == nil { decoder.report("the view's query is required") }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let name = dialect.qualified(view)
        var text = query.trimmingSpace
        if !isFullDefinition { text = "CREATE VIEW \(name) AS \(text)" }
        if replaces, !query.uppercased().holds("OR REPLACE") { text = Self.replacing(text) }
        var statements = [SQLStatement(text)]
        if let remarks = remarks?.trimmedOrNil {
            statements.append("COMMENT ON VIEW \(name) IS \(SQLValue.string(remarks))")
        }
        return statements
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { ["DROP VIEW \(dialect.qualified(view))"] }

    func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum {
        Checksum.of(record, text: query, field: "selectQuery", isFromFile: isFromFile, version: version)
    }

    /// The first `CREATE` of the statement becomes `CREATE OR REPLACE`.
    private static func replacing(_ text: String) -> String {
        let bytes = Array(text.utf8)
        for token in SQLTokenizer(bytes) where token.kind == .word {
            let word = String(decoding: bytes[token.range], as: UTF8.self)
            guard word.uppercased() == "CREATE" else { continue }
            let before = String(decoding: bytes[..<token.range.lowerBound], as: UTF8.self)
            let behind = String(decoding: bytes[token.range.upperBound...], as: UTF8.self)
            return "\(before)CREATE OR REPLACE\(behind)"
        }
        return text
    }
}

/// `dropView`
struct DropView: Change {
    static let name = "dropView"

    var view: ObjectName
    var ifExists: Bool

    init(from decoder: inout ChangeDecoder) {
        view = decoder.object("viewName")
        ifExists = decoder.boolean("ifExists") ?? false
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["DROP VIEW \(ifExists ? "IF EXISTS " : "")\(dialect.qualified(view))"]
    }
}

/// `renameView`
struct RenameView: Change {
    static let name = "renameView"

    var old: ObjectName
    var new: ObjectName

    init(from decoder: inout ChangeDecoder) {
        old = decoder.object("oldViewName")
        new = decoder.object("newViewName")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["ALTER TABLE \(dialect.qualified(old)) RENAME TO \(dialect.name(new.name))"]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        ["ALTER TABLE \(dialect.qualified(new)) RENAME TO \(dialect.name(old.name))"]
    }
}
