import Changelog
import Diagnostics

/// The statements on the tables in which a registry keeps what its services must know.
enum MetadataSQL {
    /// A row of `ddm_liquibase_metadata`.
    static func insert(_ type: String, _ name: String, _ attribute: String, _ value: String) -> SQLStatement {
        """
        insert into ddm_liquibase_metadata(change_type, change_name, attribute_name, attribute_value) \
        values ('\(type)', '\(name)', '\(attribute)', '\(value)')
        """
    }

    /// Takes all rows of a type and name away.
    static func delete(_ type: String, _ name: String) -> SQLStatement {
        "delete from ddm_liquibase_metadata where change_type = '\(type)' and change_name = '\(name)'"
    }

    /// Takes the rows of a type, name and attribute away.
    static func delete(_ type: String, _ name: String, attribute: String) -> SQLStatement {
        """
        delete from ddm_liquibase_metadata where change_type = '\(type)' and change_name = '\(name)' \
        and attribute_name = '\(attribute)'
        """
    }

    /// Takes the row of a type, name and value away.
    static func delete(_ type: String, _ name: String, value: String) -> SQLStatement {
        """
        delete from ddm_liquibase_metadata where (change_type = '\(type)') and (change_name = '\(name)') \
        and (attribute_value = '\(value)')
        """
    }

    /// A block of PL/pgSQL, for what only the database can decide.
    static func block(_ body: String) -> SQLStatement {
        var tag = "$block$"
        while body.holds(tag) { tag = "$\(tag.dropFirst().dropLast())_$" }
        return SQLStatement("DO \(tag)\n\(body)\n\(tag)")
    }

    /// A text as a string literal, its quotes doubled.
    static func literal(_ text: String) -> String { text.quoted(by: "'") }
}
