import SQLSyntax

/// An invalid index that passes for one.
struct ConcurrentIndexIfNotExists: LintRule {
    let description = RuleDescription(
        "concurrent-index-if-not-exists", .warn,
        """
        A build of an index with `CONCURRENTLY` that failed leaves an invalid index behind. `IF NOT EXISTS` is \
        content with it: the changeset counts as done, and a unique index does not keep duplicates out.
        """,
        advice: "leave IF NOT EXISTS out, or drop an invalid index of that name first")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .createIndex(let index) = statement.statement.kind, index.isConcurrent, index.ifNotExists
        else { return [] }
        return [
            LintRemark("an invalid index \(index.name ?? "") that a failed attempt left behind would be taken for it")
        ]
    }
}
