import SQLSyntax

/// An index that keeps writers out.
struct NonConcurrentIndex: LintRule {
    let description = RuleDescription(
        "non-concurrent-index", .warn, lock: .share,
        """
        An index is built on a table that exists without `CONCURRENTLY`: writers wait until the whole table has \
        been read.
        """,
        advice: """
            use CREATE INDEX CONCURRENTLY, in a changeset of its own with runInTransaction="false"
            """)

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .createIndex(let index) = statement.statement.kind, !index.isConcurrent,
            !statement.isFresh(index.table)
        else { return [] }
        return [LintRemark("index \(index.name ?? "without a name") on \(index.table) is built while writers wait")]
    }
}
