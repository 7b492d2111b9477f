import SQLSyntax

/// All rows of a table go.
struct DeleteWithoutWhere: LintRule {
    let description = RuleDescription(
        "delete-without-where", .warn,
        "A `DELETE` has no condition: all rows go, and no rollback brings them back.",
        advice: "say which rows are meant, and delete many of them in batches")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .change(let change) = statement.statement.kind, change.verb == .delete, !change.hasCondition,
            !statement.isFresh(change.table)
        else { return [] }
        return [LintRemark("all rows of \(change.table) are deleted")]
    }
}
