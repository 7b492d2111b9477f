import SQLSyntax

/// An index that goes while everybody waits.
struct NonConcurrentDropIndex: LintRule {
    let description = RuleDescription(
        "non-concurrent-drop-index", .warn, lock: .accessExclusive,
        """
        An index is dropped without `CONCURRENTLY`: the statement waits for all that use the table, and everybody \
        else waits behind it.
        """,
        advice: """
            use DROP INDEX CONCURRENTLY, in a changeset of its own with runInTransaction="false"
            """)

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .drop(let drop) = statement.statement.kind, drop.kind == .index, !drop.isConcurrent else {
            return []
        }
        return drop.names.filter { name in !(statement.table(ofIndex: name).map(statement.isFresh) ?? false) }.map {
            LintRemark("index \($0) is dropped while everybody waits")
        }
    }
}
