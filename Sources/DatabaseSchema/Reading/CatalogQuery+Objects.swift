import Diagnostics
import PostgresClient

extension CatalogQuery {
    /// The statement with its parameters.
    func statement(_ options: SchemaReadingOptions) -> PostgresStatement {
        switch parameters {
        case .schemas: PostgresStatement(sql, [options.schemas])
        case .tables: PostgresStatement(sql, [options.schemas, options.excludedTables])
        case .bodies: PostgresStatement(sql, [options.schemas, options.maximumBodyBytes])
        }
    }

    /// The objects that the rows describe.
    func objects(_ rows: PostgresRows) throws -> [SchemaObject] {
        let columns = rows.columns.enumerated()
        let places = Dictionary(columns.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return try rows.map { row in
            let kind = try self.kind ?? Self.kind(of: row)
            let parts = try kind.nameParts.map { part in try row.string(places[part] ?? -1) }
            var attributes: [SchemaAttribute: SchemaValue] = [:]
            for (place, column) in columns where !kind.nameParts.contains(column) {
                guard let attribute = SchemaAttribute(rawValue: column) else { continue }
                attributes[attribute] = try attribute.value(row, at: place)
            }
            return SchemaObject(kind, SchemaName(parts), attributes)
        }
    }

    private static func kind(of row: PostgresRow) throws -> SchemaObjectKind {
        let name = try row.string("kind")
        guard let kind = SchemaObjectKind(rawValue: name) else {
            throw SluiceError("schema.unreadable", .transient, "the catalogs name an unknown kind of object: \(name)")
        }
        return kind
    }
}

extension SchemaAttribute {
    fileprivate func value(_ row: PostgresRow, at place: Int) throws -> SchemaValue? {
        switch form {
        case .text: try row.optionalString(place).map { .text($0) }
        case .list: try row.optionalStrings(place).map { .list($0) }
        case .flag: try row.optionalBool(place) == true ? .flag : nil
        }
    }
}
