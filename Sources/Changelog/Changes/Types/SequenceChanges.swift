/// The options that creating and altering a sequence share.
struct SequenceOptions: Sendable {
    var dataType: String?
    var incrementBy: String?
    var minValue: String?
    var maxValue: String?
    var cacheSize: String?
    var cycle: Bool?

    init(from decoder: inout ChangeDecoder) {
        dataType = decoder.string("dataType")
        incrementBy = decoder.integer("incrementBy")
        minValue = decoder.integer("minValue")
        maxValue = decoder.integer("maxValue")
        cacheSize = decoder.integer("cacheSize")
        cycle = decoder.boolean("cycle")
        if decoder.boolean("ordered") != nil {
            decoder.report("'ordered' is not supported: PostgreSQL has no ordered sequences")
        }
    }

    var limits: String {
        var text = ""
        if let incrementBy { text += " INCREMENT BY \(incrementBy)" }
        if let minValue { text += " MINVALUE \(minValue)" }
        if let maxValue { text += " MAXVALUE \(maxValue)" }
        if let cacheSize { text += " CACHE \(cacheSize == "0" ? "1" : cacheSize)" }
        return text
    }
}

/// `createSequence`
struct CreateSequence: Change {
    static let name = "createSequence"

    var sequence: ObjectName
    var startValue: String?
    var options: SequenceOptions

    init(from decoder: inout ChangeDecoder) {
        sequence = decoder.object("sequenceName")
        startValue = decoder.integer("startValue")
        options = SequenceOptions(from: &decoder)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        var text = "CREATE SEQUENCE  IF NOT EXISTS \(dialect.qualified(sequence))"
        if let type = options.dataType { text += " AS \(type)" }
        if let startValue { text += " START WITH \(startValue)" }
        text += options.limits
        if options.cycle == true { text += " CYCLE" }
        return [SQLStatement(text)]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        ["DROP SEQUENCE \(dialect.qualified(sequence)) CASCADE"]
    }
}

/// `alterSequence`
struct AlterSequence: Change {
    static let name = "alterSequence"

    var sequence: ObjectName
    var options: SequenceOptions

    init(from decoder: inout ChangeDecoder) {
        sequence = decoder.object("sequenceName")
        options = SequenceOptions(from: &decoder)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        var text = "ALTER SEQUENCE \(dialect.qualified(sequence))"
        if let type = options.dataType { text += " AS \(type)" }
        text += options.limits
        if let cycle = options.cycle { text += cycle ? " CYCLE " : " NO CYCLE " }
        return [SQLStatement(text)]
    }
}

/// `dropSequence`
struct DropSequence: Change {
    static let name = "dropSequence"

    var sequence: ObjectName

    init(from decoder: inout ChangeDecoder) { sequence = decoder.object("sequenceName") }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["DROP SEQUENCE \(dialect.qualified(sequence)) CASCADE"]
    }
}

/// `renameSequence`
struct RenameSequence: Change {
    static let name = "renameSequence"

    var old: ObjectName
    var new: ObjectName

    init(from decoder: inout ChangeDecoder) {
        old = decoder.object("oldSequenceName")
        new = decoder.object("newSequenceName")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["ALTER SEQUENCE \(dialect.qualified(old)) RENAME TO \(dialect.name(new.name))"]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        ["ALTER SEQUENCE \(dialect.qualified(new)) RENAME TO \(dialect.name(old.name))"]
    }
}
