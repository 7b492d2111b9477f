/// The name of a table, view, sequence or the like, with its schema when one is written.
struct ObjectName: Sendable, Hashable {
    var name: String
    var schema: String?
}

extension ChangeDecoder {
    /// Reads a name and its schema. A catalog is read too, and means nothing: PostgreSQL has one per connection.
    mutating func object(
        _ field: String, schema: String = "schemaName", catalog: String = "catalogName"
    ) -> ObjectName {
        let name = required(field)
        _ = string(catalog)
        return ObjectName(name: name, schema: string(schema))
    }
}

extension SQLDialect {
    /// The name as SQL text.
    func qualified(_ object: ObjectName) -> String { qualified(object.name, schema: object.schema) }
}
