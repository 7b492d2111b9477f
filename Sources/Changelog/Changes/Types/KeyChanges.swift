/// `addPrimaryKey`
struct AddPrimaryKey: Change {
    static let name = "addPrimaryKey"

    var table: ObjectName
    var columns: String
    var constraint: String?
    var tablespace: String?
    var isClustered: Bool

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        columns = decoder.required("columnNames")
        constraint = decoder.string("constraintName")
        tablespace = decoder.string("tablespace")?.trimmedOrNil
        isClustered = decoder.boolean("clustered") ?? false
        _ = decoder.boolean("validate")
        for field in ["forIndexName", "forIndexSchemaName", "forIndexCatalogName"] { _ = decoder.string(field) }
        decoder.ignore("remarks")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let table = dialect.qualified(table)
        let name = constraint.map { "CONSTRAINT \(dialect.name($0)) " } ?? ""
        var text = "ALTER TABLE \(table) ADD \(name)PRIMARY KEY (\(dialect.columns(columns)))"
        if let tablespace { text += " USING INDEX TABLESPACE \(tablespace)" }
        var statements = [SQLStatement(text)]
        if isClustered, let constraint { statements.append("CLUSTER \(table) USING \(dialect.name(constraint))") }
        return statements
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? { DropPrimaryKey.statements(table, constraint, dialect) }
}

/// `dropPrimaryKey`
struct DropPrimaryKey: Change {
    static let name = "dropPrimaryKey"

    var table: ObjectName
    var constraint: String?

    init(from decoder: inout ChangeDecoder) {
        table = decoder.object("tableName")
        constraint = decoder.string("constraintName")
        _ = decoder.boolean("dropIndex")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] { Self.statements(table, constraint, dialect) }

    /// Without a name the catalogs are asked for it, by a block that runs on the server.
    static func statements(_ table: ObjectName, _ constraint: String?, _ dialect: SQLDialect) -> [SQLStatement] {
        if let constraint {
            return ["ALTER TABLE \(dialect.qualified(table)) DROP CONSTRAINT \(dialect.name(constraint))"]
        }
        let schema = dialect.catalogName(table.schema ?? dialect.defaultSchema)
        let name = dialect.catalogName(table.name)
        return [
            """
            DO $$ DECLARE constraint_name varchar;
            BEGIN
              SELECT tc.CONSTRAINT_NAME into strict constraint_name
                FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS tc
                WHERE CONSTRAINT_TYPE = 'PRIMARY KEY'
                  AND TABLE_NAME = \(SQLValue.string(name)) AND TABLE_SCHEMA = \(SQLValue.string(schema));
                EXECUTE 'alter table \(dialect.name(schema)).\(dialect.name(name)) drop constraint "' || constraint_name || '"';
            END $$;
            """
        ]
    }
}

/// `addForeignKeyConstraint`
struct AddForeignKey: Change {
    static let name = "addForeignKeyConstraint"

    var base: ObjectName
    var baseColumns: String
    var referenced: ObjectName
    var referencedColumns: String
    var constraint: String
    var isDeferrable: Bool
    var isInitiallyDeferred: Bool
    var validates: Bool
    var onUpdate: String?
    var onDelete: String?

    init(from decoder: inout ChangeDecoder) {
        base = decoder.object("baseTableName", schema: "baseTableSchemaName", catalog: "baseTableCatalogName")
        baseColumns = decoder.required("baseColumnNames")
        referenced = decoder.object(
            "referencedTableName", schema: "referencedTableSchemaName", catalog: "referencedTableCatalogName")
        referencedColumns = decoder.required("referencedColumnNames")
        constraint = decoder.required("constraintName")
        isDeferrable = decoder.boolean("deferrable") ?? false
        isInitiallyDeferred = decoder.boolean("initiallyDeferred") ?? false
        validates = decoder.boolean("validate") ?? true
        onUpdate = decoder.string("onUpdate")
        let action = decoder.string("onDelete", recorded: false)
        let cascade = decoder.boolean("deleteCascade", recorded: false)
        // Written together they cancel each other: Liquibase takes neither.
        if action == nil || cascade == nil { onDelete = action ?? (cascade == true ? "CASCADE" : nil) }
        decoder.record("onDelete", onDelete.map { .text($0) })
        _ = decoder.boolean("referencesUniqueColumn", recorded: false)
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        var text = "ALTER TABLE \(dialect.qualified(base)) ADD CONSTRAINT \(dialect.name(constraint))"
        text += " FOREIGN KEY (\(dialect.columns(baseColumns))) REFERENCES \(dialect.qualified(referenced))"
        text += " (\(dialect.columns(referencedColumns)))"
        if let onUpdate { text += " ON UPDATE \(onUpdate)" }
        if let onDelete { text += " ON DELETE \(onDelete)" }
        if isDeferrable { text += " DEFERRABLE" }
        if isInitiallyDeferred { text += " INITIALLY DEFERRED" }
        if !validates { text += " NOT VALID " }
        return [SQLStatement(text)]
    }

    func inverse(_ dialect: SQLDialect) -> [SQLStatement]? {
        ["ALTER TABLE \(dialect.qualified(base)) DROP CONSTRAINT \(dialect.name(constraint))"]
    }
}

/// `dropForeignKeyConstraint`
struct DropForeignKey: Change {
    static let name = "dropForeignKeyConstraint"

    var base: ObjectName
    var constraint: String

    init(from decoder: inout ChangeDecoder) {
        base = decoder.object("baseTableName", schema: "baseTableSchemaName", catalog: "baseTableCatalogName")
        constraint = decoder.required("constraintName")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        ["ALTER TABLE \(dialect.qualified(base)) DROP CONSTRAINT \(dialect.name(constraint))"]
    }
}

/// `dropAllForeignKeyConstraints`: the catalogs say which there are when the statement's turn comes.
struct DropAllForeignKeys: Change {
    static let name = "dropAllForeignKeyConstraints"

    var base: ObjectName

    init(from decoder: inout ChangeDecoder) {
        base = decoder.object("baseTableName", schema: "baseTableSchemaName", catalog: "baseTableCatalogName")
    }

    func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        let schema = SQLValue.string(dialect.catalogName(base.schema ?? dialect.defaultSchema))
        let prefix = SQLValue.string("ALTER TABLE \(dialect.qualified(base)) DROP CONSTRAINT ")
        let query = """
            SELECT \(prefix) || quote_ident(c.conname) FROM pg_catalog.pg_constraint c
            JOIN pg_catalog.pg_class t ON t.oid = c.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
            WHERE c.contype = 'f' AND t.relname = \(SQLValue.string(dialect.catalogName(base.name)))
            AND n.nspname = \(schema) ORDER BY c.conname
            """
        return [SQLStatement(query, role: .generator)]
    }
}
