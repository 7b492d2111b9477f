import SQLSyntax

/// All rows of a table go.
struct TruncateTable: LintRule {
    let description = RuleDescription(
        "truncate-table", .warn, lock: .accessExclusive,
        "All rows of a table are removed. No rollback brings them back.",
        advice: "keep a copy of the rows, or delete those that are meant by a condition")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .truncate(let tables) = statement.statement.kind else { return [] }
        return tables.filter { !statement.isFresh($0) }.map { LintRemark("all rows of \($0) are removed") }
    }
}
