import SQLSyntax

/// A column becomes NOT NULL.
struct SetNotNull: LintRule {
    let description = RuleDescription(
        "set-not-null", .warn, lock: .accessExclusive,
        """
        `SET NOT NULL` reads the whole table under the strongest lock, and fails when a row has no value. It reads \
        nothing when a validated `CHECK (column IS NOT NULL)` proves it.
        """,
        advice: """
            add CHECK (column IS NOT NULL) NOT VALID, validate it in another changeset, then set NOT NULL and drop the \
            check
            """)

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard case .setNotNull(let column) = action else { return nil }
            let proofs = statement.table(table)?.provenNotNull.values
            guard proofs?.contains(where: { $0.contains(column) }) != true else { return nil }
            return "column \(column) of \(table) becomes NOT NULL: the whole table is read under the lock"
        }
    }
}
