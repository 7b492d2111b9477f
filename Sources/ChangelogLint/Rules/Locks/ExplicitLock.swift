import SQLSyntax

/// A lock that is asked for.
struct ExplicitLock: LintRule {
    let description = RuleDescription(
        "explicit-lock", .warn, lock: .accessExclusive,
        "`LOCK TABLE` keeps others out until the transaction ends.",
        advice: "let statements take the locks that they need")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .lock(let tables) = statement.statement.kind else { return [] }
        return tables.filter { !statement.isFresh($0) }.map { LintRemark("\($0) is locked until the transaction ends") }
    }
}
