import SQLSyntax

/// All rows of a table are written.
struct UpdateWithoutWhere: LintRule {
    let description = RuleDescription(
        "update-without-where", .warn,
        """
        An `UPDATE` has no condition. Every row is written anew and locked until the transaction ends, and the \
        table doubles for a while.
        """,
        advice: "update in batches by a condition, such as on ranges of the key")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .change(let change) = statement.statement.kind, change.verb == .update, !change.hasCondition,
            !statement.isFresh(change.table)
        else { return [] }
        return [LintRemark("every row of \(change.table) is updated in one transaction")]
    }
}
