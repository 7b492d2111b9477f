import Changelog

/// `createAsyncLoad`: how many rows of an entity one file may bring.
struct CreateAsyncLoad: Change {
    static let name = "createAsyncLoad"

    private var rows: [SQLStatement] = []

    init(from decoder: inout ChangeDecoder) {
        let name = decoder.requiredValue("name")
        rows = decoder.entities { decoder in
            let entity = decoder.requiredValue("name")
            guard let limit = decoder.integer("limit") else {
                decoder.report("'limit' is required")
                return nil
            }
            return MetadataSQL.insert("create_async_load", name, entity, limit)
        }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { rows }
}

/// `deleteAsyncLoad`
struct DeleteAsyncLoad: Change {
    static let name = "deleteAsyncLoad"

    private var rows: [SQLStatement] = []

    init(from decoder: inout ChangeDecoder) {
        _ = decoder.value("name")
        // The platform's own tool goes by the entity alone, so other rows about it go too, such as its read mode.
        rows = decoder.entities { decoder in
            "delete from ddm_liquibase_metadata where attribute_name = '\(decoder.requiredValue("name"))'"
        }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { rows }
}

extension ChangeDecoder {
    /// What is made of each entity of a list.
    fileprivate mutating func entities(_ read: (inout ChangeDecoder) -> SQLStatement?) -> [SQLStatement] {
        var rows: [SQLStatement] = []
        var records: [ChangeRecord] = []
        for list in elements("entityList") {
            _ = nested(list) { decoder in
                for node in decoder.elements("entity") {
                    let (row, record) = decoder.nested(node, read)
                    rows += [row].compactMap(\.self)
                    records.append(record)
                }
            }
        }
        if records.isEmpty { report("'entityList' needs at least one 'entity'") }
        record("entityList", .list(records))
        return rows
    }
}
