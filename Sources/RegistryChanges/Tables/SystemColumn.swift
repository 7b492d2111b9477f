/// A column that a registry adds to every table of its own accord.
struct SystemColumn {
    var name: String
    var type: String
    var isNullable: Bool
    var value: String?

    init(_ name: String, _ type: String, isNullable: Bool = false, value: String? = nil) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.value = value
    }

    /// Of the table itself: who made a row and who changed it last.
    static let current = [
        createdAt, createdBy,
        SystemColumn("ddm_updated_at", "TIMESTAMPTZ", value: "NOW()"),
        SystemColumn("ddm_updated_by", "TEXT"),
    ]

    /// Of the table of past states: what happened, on whose behalf, in which process, signed by whom.
    static let past =
        [
            createdAt, createdBy,
            SystemColumn("ddm_dml_op", "CHAR(1)"),
            SystemColumn("ddm_system_id", "UUID"),
            SystemColumn("ddm_application_id", "UUID"),
            SystemColumn("ddm_business_process_id", "UUID", isNullable: true),
        ]
        + [
            "ddm_business_process_definition_id", "ddm_business_process_instance_id", "ddm_business_activity",
            "ddm_business_activity_instance_id", "ddm_digital_sign", "ddm_digital_sign_derived",
            "ddm_digital_sign_checksum", "ddm_digital_sign_derived_checksum",
        ].map { SystemColumn($0, "TEXT", isNullable: true) }

    private static let createdAt = SystemColumn("ddm_created_at", "TIMESTAMPTZ", value: "NOW()")
    private static let createdBy = SystemColumn("ddm_created_by", "TEXT")
}

/// The table that objects of a registry belong to: persons and organisations.
enum Subject {
    static let table = "subject"
    static let column = "subject_id"
    static let type = "UUID"

    /// The attributes of the reference from a table.
    static func reference(of table: String) -> [(String, String)] {
        [
            ("foreignKeyName", "fk_\(table)_\(self.table)"), ("referencedTableName", self.table),
            ("referencedColumnNames", column),
        ]
    }
}
