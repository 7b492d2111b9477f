import SQLSyntax

/// A partition that goes while everybody waits.
struct NonConcurrentDetach: LintRule {
    let description = RuleDescription(
        "non-concurrent-detach", .warn, lock: .accessExclusive,
        """
        A partition is detached without `CONCURRENTLY`: everybody who uses the partitioned table waits.
        """,
        advice: """
            use DETACH PARTITION … CONCURRENTLY, in a changeset of its own with runInTransaction="false"
            """)

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard case .detachPartition(let partition, let isConcurrent) = action, !isConcurrent else { return nil }
            return "partition \(partition?.description ?? "") is detached while everybody who uses \(table) waits"
        }
    }
}
