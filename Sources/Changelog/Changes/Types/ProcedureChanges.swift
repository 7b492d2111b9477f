import Diagnostics

/// `createProcedure`: the author's own `CREATE PROCEDURE` or `CREATE FUNCTION`, as one statement.
struct CreateProcedure: Change {
    static let name = "createProcedure"

    var procedure: ObjectName?
    var replaces: Bool
    var dbms: String?
    var text: String
    private var isFromFile: Bool

    init(from decoder: inout ChangeDecoder) {
        let name = decoder.string("procedureName")
        _ = decoder.string("catalogName")
        let schema = decoder.string("schemaName")
        procedure = name.map { ObjectName(name: $0, schema: schema) }
        replaces = decoder.boolean("replaceIfExists") ?? false
        dbms = decoder.string("dbms", recorded: false)
        let path = decoder.string("path", recorded: false)
        let relative = decoder.boolean("relativeToChangelogFile", recorded: false) ?? false
        let encoding = decoder.string("encoding", recorded: false)
        decoder.ignore("comment", "comments", "procedureText")
        isFromFile = path != nil
        if let path {
            let file = decoder.text(ofFile: path, relative: relative, encoding: encoding) ?? ""
            text = decoder.context.expand(file)
        } else {
            text = decoder.text(or: "procedureBody") ?? decoder.node["procedureText"] ?? ""
        }
        if text.trimmedOrNil == nil { decoder.report("the procedure's text is required") }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        var body = text.trimmingSpace
        while body.ends(with: ";") { body = String(body.dropLast()).trimmingSpace }
        var statements: [SQLStatement] = []
        if replaces, let procedure {
            let schema = procedure.schema.map { dialect.name($0) + "." } ?? ""
            statements.append("DROP PROCEDURE IF EXISTS \(schema)\(dialect.name(procedure.name))")
        }
        return statements + [SQLStatement(body)]
    }

    func checksum(of record: ChangeRecord, version: Checksum.Version) -> Checksum {
        Checksum.of(record, text: text, field: "procedureBody", isFromFile: isFromFile, version: version)
    }
}

/// `dropProcedure`
struct DropProcedure: Change {
    static let name = "dropProcedure"

    var procedure: ObjectName

    init(from decoder: inout ChangeDecoder) { procedure = decoder.object("procedureName") }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { ["DROP PROCEDURE \(dialect.qualified(procedure))"] }
}
