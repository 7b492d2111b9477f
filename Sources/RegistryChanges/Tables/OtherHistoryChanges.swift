import Changelog

/// `modifyDataType` with `historyFlag`: the type of a column and of its past states.
///
/// Without the attribute it is Liquibase's own `modifyDataType`.
struct ModifyHistoryDataType: Change {
    static let name = "modifyDataType"

    private var standard: DecodedChange?
    private var past: DecodedChange?

    init(from decoder: inout ChangeDecoder) {
        let bare = decoder.node.without(["historyFlag"])
        standard = decoder.delegate(bare, to: .standard)
        guard decoder.node.child("historyFlag") != nil else { return }
        let flag = decoder.boolean("historyFlag")
        guard decoder.requireHistory(flag), let table = bare["tableName"] else { return }
        let name = ChangelogNode(name: "tableName", value: HistoryTable.pastName(table), location: bare.location)
        past = decoder.standard(bare.replacing("tableName", [name]))
    }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        try [standard, past].compactMap(\.self).flatMap { try $0.change.statements(dialect) }
    }
}

/// `dropColumn`, which tables with history do not allow: their past states would lose it too.
struct DropHistoryColumn: Change {
    static let name = "dropColumn"

    private var standard: DecodedChange?

    init(from decoder: inout ChangeDecoder) { standard = decoder.refuseHistory() }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        try standard?.change.statements(dialect) ?? []
    }
}

/// `renameColumn`, which tables with history do not allow.
struct RenameHistoryColumn: Change {
    static let name = "renameColumn"

    private var standard: DecodedChange?

    init(from decoder: inout ChangeDecoder) { standard = decoder.refuseHistory() }

    func statements(_ dialect: SQLDialect) throws -> [SQLStatement] {
        try standard?.change.statements(dialect) ?? []
    }

    func inverse(_ dialect: SQLDialect) throws -> [SQLStatement]? { try standard?.change.inverse(dialect) }
}

extension ChangeDecoder {
    /// Reads a change of Liquibase's own that must not be one with history.
    fileprivate mutating func refuseHistory() -> DecodedChange? {
        let standard = delegate(node.without(["historyFlag"]), to: .standard)
        if node.child("historyFlag") != nil {
            report("a table with history keeps its columns as they are", hint: "add a new column and leave the old one")
        }
        return standard
    }
}
