import SQLSyntax

/// Rows and structure changed in one transaction.
struct MixedDataAndSchema: LintRule {
    let description = RuleDescription(
        "mixed-data-and-schema", .warn, lock: .accessExclusive,
        """
        A changeset changes the structure of a table in use and rows of one too. The lock of the schema change is \
        held until the last row is written.
        """,
        advice: "change structure and rows in changesets of their own, and many rows in batches")

    func judge(_ changeSet: ChangeSetContext) -> [LintRemark] {
        guard changeSet.isTransactional else { return [] }
        let used = changeSet.parts.filter(\.concernsUsedTable)
        guard let rows = used.first(where: \.statement.isBulkChange), used.contains(where: \.statement.isSchemaChange)
        else { return [] }
        return [
            LintRemark(
                "\(rows.statement.verb) runs in one transaction with a change of a table's structure", at: rows.location
            )
        ]
    }
}
