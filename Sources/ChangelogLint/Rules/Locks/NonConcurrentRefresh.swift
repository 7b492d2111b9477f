import SQLSyntax

/// A materialized view that nobody can read meanwhile.
struct NonConcurrentRefresh: LintRule {
    let description = RuleDescription(
        "non-concurrent-refresh", .warn, lock: .accessExclusive,
        "A materialized view is refreshed without `CONCURRENTLY`: nobody can read it meanwhile.",
        advice: "use REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .refresh(let view, let isConcurrent) = statement.statement.kind, !isConcurrent,
            !(view.map(statement.isFresh) ?? false)
        else { return [] }
        return [LintRemark("nobody can read \(view?.description ?? "it") while it is refreshed")]
    }
}
