import Changelog

/// `dropSearchCondition`: the view, and all that services know of it.
struct DropSearchCondition: Change {
    static let name = "dropSearchCondition"

    private var condition: String

    init(from decoder: inout ChangeDecoder) {
        condition = decoder.requiredName("name")
        decoder.requireAlone(among: RegistryChanges.searchConditions)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { Self.statements(condition) }

    static func statements(_ condition: String) -> [SQLStatement] {
        [
            "drop view if exists \(condition)_v",
            "delete from ddm_liquibase_metadata where (change_type = 'searchCondition') and (change_name = '\(condition)')",
            "delete from ddm_liquibase_metadata where (change_type = '\(condition)')",
            """
            delete from ddm_liquibase_metadata where (attribute_name = 'searchCondition') \
            and (attribute_value = '\(condition)')
            """,
            "delete from ddm_liquibase_metadata where (change_type = 'nestedRead') and (change_name = '\(condition)')",
        ]
    }
}

/// `exposeSearchCondition`: who else may search.
struct ExposeSearchCondition: Change {
    static let name = "exposeSearchCondition"

    private var condition: String
    private var isKnown: Bool
    private var rows: [SQLStatement] = []

    init(from decoder: inout ChangeDecoder) {
        condition = decoder.requiredName("name")
        decoder.requireAlone(among: RegistryChanges.searchConditions)
        // Of old examples; the platform's own tool has never read it.
        decoder.ignore("consumer")
        isKnown =
            !decoder.context.overview.changes(CreateSearchCondition.name, whose: "name", is: condition).isEmpty
        for consumer in ["trembita", "platform", "externalSystem", "publicAccess"] {
            switch decoder.boolean(consumer) {
            case true?: rows.append(MetadataSQL.insert("expose", consumer, "searchCondition", condition))
            case false? where consumer == "publicAccess":
                rows.append(MetadataSQL.delete("expose", consumer, value: condition))
            default: break
            }
        }
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        (isKnown ? [] : [ExistenceSQL.searchCondition(condition)]) + rows
    }
}
