import Diagnostics

/// The preconditions that the catalogs or tables answer, as queries.
struct CatalogQuestions {
    let dialect: SQLDialect

    /// The question of a precondition; nil when it is none of these.
    func question(_ decoder: inout ChangeDecoder) -> PreconditionQuery? {
        switch decoder.node.name {
        case "tableExists": relation(&decoder, "Table", field: "tableName", kinds: "'r', 'p'")
        case "viewExists": relation(&decoder, "View", field: "viewName", kinds: "'v', 'm'")
        case "sequenceExists": relation(&decoder, "Sequence", field: "sequenceName", kinds: "'S'")
        case "columnExists": column(&decoder)
        case "indexExists": index(&decoder)
        case "primaryKeyExists": primaryKey(&decoder)
        case "foreignKeyConstraintExists": foreignKey(&decoder)
        case "uniqueConstraintExists": uniqueConstraint(&decoder)
        case "rowCount": rowCount(&decoder)
        case "tableIsEmpty": tableIsEmpty(&decoder)
        case "sqlCheck": sqlCheck(&decoder)
        default: nil
        }
    }

    private func relation(
        _ decoder: inout ChangeDecoder, _ what: String, field: String, kinds: String
    ) -> PreconditionQuery {
        let object = decoder.object(field)
        return PreconditionQuery(
            """
            SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN (\(kinds)) AND n.nspname = \(schema(object.schema))
            AND c.relname = \(literal(dialect.catalogName(object.name)))
            """, failure: "\(what) \(dialect.qualified(object)) does not exist")
    }

    private func column(_ decoder: inout ChangeDecoder) -> PreconditionQuery {
        let table = decoder.object("tableName")
        let column = decoder.required("columnName")
        let schema = table.schema ?? dialect.defaultSchema
        return PreconditionQuery(
            """
            SELECT 1 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE lower(n.nspname) = lower(\(literal(schema))) AND lower(c.relname) = lower(\(literal(table.name)))
            AND lower(a.attname) = lower(\(literal(column))) AND NOT a.attisdropped
            """, failure: "Column \(schema).\(table.name).\(column) does not exist")
    }

    private func index(_ decoder: inout ChangeDecoder) -> PreconditionQuery {
        let table = decoder.string("tableName")?.trimmedOrNil
        let index = decoder.string("indexName")
        let columns = decoder.string("columnNames")?.trimmedOrNil
        let schema = self.schema(schemaName(&decoder))
        var sql = """
            SELECT 1 FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
            JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = \(schema)
            """
        if let table { sql += " AND lower(c.relname) = lower(\(literal(table)))" }
        if let index { sql += " AND lower(i.relname) = lower(\(literal(index)))" }
        if index == nil, table == nil || columns == nil {
            decoder.report("'indexName', or 'tableName' and 'columnNames', is required")
        }
        // A name says which index it is; the columns of that one may be any.
        if index == nil, let columns { sql += " AND \(columnList("x.indkey", of: "x.indrelid")) = \(lowered(columns))" }
        let place = table.map { " on \($0)" } ?? ""
        return PreconditionQuery(sql, failure: "Index \(index ?? "")\(place) does not exist")
    }

    private func primaryKey(_ decoder: inout ChangeDecoder) -> PreconditionQuery {
        let table = decoder.string("tableName")?.trimmedOrNil
        let key = decoder.string("primaryKeyName")
        let sql = constraint("p", table: table, name: key, schema: schemaName(&decoder))
        let what = table.map { "Primary Key does not exist on \($0)" } ?? "Primary Key \(key ?? "") does not exist"
        return PreconditionQuery(sql, failure: what)
    }

    private func foreignKey(_ decoder: inout ChangeDecoder) -> PreconditionQuery {
        let table = decoder.string("foreignKeyTableName")?.trimmedOrNil
        let key = decoder.required("foreignKeyName")
        let schema = schemaName(&decoder) ?? decoder.string("foreignKeyTableSchemaName")
        _ = decoder.string("foreignKeyTableCatalogName")
        return PreconditionQuery(
            constraint("f", table: table, name: key, schema: schema), failure: "Foreign Key \(key) does not exist")
    }

    private func uniqueConstraint(_ decoder: inout ChangeDecoder) -> PreconditionQuery {
        let table = decoder.required("tableName")
        let name = decoder.string("constraintName")
        let columns = decoder.string("columnNames")?.trimmedOrNil
        var sql = constraint("u", table: table, name: name, schema: schemaName(&decoder))
        if let columns { sql += " AND \(columnList("k.conkey", of: "k.conrelid")) = \(lowered(columns))" }
        return PreconditionQuery(sql, failure: "Unique constraint \(name ?? "") on \(table) does not exist")
    }

    private func rowCount(_ decoder: inout ChangeDecoder) -> PreconditionQuery {
        let table = dialect.qualified(decoder.object("tableName"))
        let rows = decoder.integer("expectedRows") ?? ""
        return PreconditionQuery(
            "SELECT count(*) FROM \(table)", .text(rows), failure: "Table \(table) does not have \(rows) rows")
    }

    private func tableIsEmpty(_ decoder: inout ChangeDecoder) -> PreconditionQuery {
        let table = dialect.qualified(decoder.object("tableName"))
        return PreconditionQuery("SELECT 1 FROM \(table) LIMIT 1", .noRow, failure: "Table \(table) is not empty.")
    }

    private func sqlCheck(_ decoder: inout ChangeDecoder) -> PreconditionQuery {
        let expected = decoder.string("expectedResult") ?? ""
        var sql = decoder.text(or: "sql")?.trimmingSpace ?? ""
        if sql.isEmpty { decoder.report("the query is required") }
        if sql.ends(with: ";") { sql.removeLast() }
        return PreconditionQuery(sql, .text(expected), failure: "SQL Precondition failed. Expected '\(expected)'")
    }

    private func constraint(_ type: String, table: String?, name: String?, schema: String?) -> String {
        var sql = """
            SELECT 1 FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE k.contype = '\(type)' AND n.nspname = \(self.schema(schema))
            """
        if let table { sql += " AND lower(c.relname) = lower(\(literal(table)))" }
        if let name { sql += " AND lower(k.conname) = lower(\(literal(name)))" }
        return sql
    }

    private func columnList(_ keys: String, of table: String) -> String {
        """
        (SELECT string_agg(lower(a.attname), ',' ORDER BY o.place) FROM unnest(\(keys)) WITH ORDINALITY o(number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = \(table) AND a.attnum = o.number)
        """
    }

    private func lowered(_ columns: String) -> String {
        literal(columns.words(at: ",").map { String($0).trimmingSpace.lowercased() }.joined(separator: ","))
    }

    private func schemaName(_ decoder: inout ChangeDecoder) -> String? {
        _ = decoder.string("catalogName")
        return decoder.string("schemaName")
    }

    private func schema(_ name: String?) -> String {
        literal(dialect.catalogName(name?.trimmedOrNil ?? dialect.defaultSchema))
    }

    private func literal(_ text: String) -> String { SQLValue.string(text) }
}
