/// The `constraints` element of a column.
struct ColumnConstraints: Sendable {
    /// Where a foreign key leads.
    struct Reference: Sendable {
        /// `table(column)` as written, when it was written so.
        var text: String?
        var schema: String?
        var table: String?
        var columns: String?
    }

    var isNullable: Bool?
    var notNullName: String?
    var isPrimaryKey: Bool
    var primaryKeyName: String?
    var primaryKeyTablespace: String?
    var isUnique: Bool
    var uniqueName: String?
    var checkConstraint: String?
    var reference: Reference?
    var foreignKeyName: String?
    var deleteCascade: Bool
    var isDeferrable: Bool
    var isInitiallyDeferred: Bool
    var validatesForeignKey: Bool

    init(from decoder: inout ChangeDecoder) {
        isNullable = decoder.boolean("nullable")
        notNullName = decoder.string("notNullConstraintName")
        isPrimaryKey = decoder.boolean("primaryKey") ?? false
        primaryKeyName = decoder.string("primaryKeyName")
        primaryKeyTablespace = decoder.string("primaryKeyTablespace")
        isUnique = decoder.boolean("unique") ?? false
        uniqueName = decoder.string("uniqueConstraintName")
        checkConstraint = decoder.string("checkConstraint")
        let text = decoder.string("references")
        _ = decoder.string("referencedTableCatalogName")
        let schema = decoder.string("referencedTableSchemaName")
        let table = decoder.string("referencedTableName")
        let columns = decoder.string("referencedColumnNames")
        if text != nil || (table != nil && columns != nil) {
            reference = Reference(text: text, schema: schema, table: table, columns: columns)
        }
        foreignKeyName = decoder.string("foreignKeyName")
        deleteCascade = decoder.boolean("deleteCascade") ?? false
        isDeferrable = decoder.boolean("deferrable") ?? false
        isInitiallyDeferred = decoder.boolean("initiallyDeferred") ?? false
        for field in ["validateNullable", "validateUnique", "validatePrimaryKey"] { _ = decoder.boolean(field) }
        validatesForeignKey = decoder.boolean("validateForeignKey") ?? true
        // Written by some authors, read by nobody: a default belongs to the column.
        decoder.ignore("default", "shouldValidateNullable", "shouldValidateUnique", "shouldValidateForeignKey")
    }
}
