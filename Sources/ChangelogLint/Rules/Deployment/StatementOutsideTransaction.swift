import SQLSyntax

/// A statement that PostgreSQL refuses in a transaction, in a changeset that is one.
struct StatementOutsideTransaction: LintRule {
    let description = RuleDescription(
        "statement-outside-transaction", .fail, canBeAllowed: false,
        """
        Some statements cannot run inside a transaction: `CONCURRENTLY`, `VACUUM`, `CREATE DATABASE`, `ALTER \
        SYSTEM` and their like. In an ordinary changeset the deploy fails.
        """,
        advice: """
            give the statement a changeset of its own with runInTransaction="false"
            """)

    func judge(_ changeSet: ChangeSetContext) -> [LintRemark] {
        guard changeSet.isTransactional else { return [] }
        return changeSet.parts.filter(\.statement.isRefusedInTransaction).map {
            LintRemark(
                "\($0.statement.verb) cannot run inside a transaction, and the changeset is one", at: $0.location)
        }
    }
}
