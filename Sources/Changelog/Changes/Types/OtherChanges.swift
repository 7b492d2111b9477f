/// `tagDatabase`: the changeset's row in the books carries the tag.
struct TagDatabase: Change {
    static let name = "tagDatabase"

    var tag: String
    /// Whether going back to the tag leaves the tag itself.
    var staysOnRollback: Bool

    init(from decoder: inout ChangeDecoder) {
        tag = decoder.required("tag")
        staysOnRollback = decoder.boolean("keepTagOnRollback", recorded: false) ?? false
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { [] }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { [] }
}

/// `empty`: nothing, with a row in the books.
struct EmptyChange: Change {
    static let name = "empty"

    init(from decoder: inout ChangeDecoder) {}

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { [] }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { [] }
}

/// `output`: a message for whoever runs the update.
struct OutputMessage: Change {
    static let name = "output"

    var message: String

    init(from decoder: inout ChangeDecoder) {
        message = decoder.text(or: "message") ?? ""
        decoder.record("message", .text(message))
        let target = decoder.string("target")
        if target == nil { decoder.record("target", .text("STDERR")) }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { [SQLStatement(message, role: .message)] }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { [] }
}

/// `stop`: the update ends here with an error of the author's making.
struct StopUpdate: Change {
    static let name = "stop"

    var message: String

    init(from decoder: inout ChangeDecoder) {
        message = decoder.text(or: "message") ?? "Stop command in changelog file"
        decoder.record("message", .text(message))
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] { throw ChangeFailure(message: message) }
}
