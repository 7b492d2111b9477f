import SQLSyntax

/// An index that is rebuilt while writers wait.
struct NonConcurrentReindex: LintRule {
    let description = RuleDescription(
        "non-concurrent-reindex", .warn, lock: .share,
        """
        An index is rebuilt without `CONCURRENTLY`: writers wait, and so do readers that would use it.
        """,
        advice: """
            use REINDEX CONCURRENTLY, in a changeset of its own with runInTransaction="false"
            """)

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .reindex(let isConcurrent) = statement.statement.kind, !isConcurrent else { return [] }
        return [LintRemark("indexes are rebuilt while writers wait")]
    }
}
