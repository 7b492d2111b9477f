import SQLSyntax

/// A table that is written anew.
struct TableRewrite: LintRule {
    let description = RuleDescription(
        "table-rewrite", .warn, lock: .accessExclusive,
        """
        `VACUUM FULL`, `CLUSTER`, and another tablespace, persistence or access method write a whole table anew \
        under the strongest lock.
        """,
        advice: "use pg_repack, or plan it for a quiet hour")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        switch statement.statement.kind {
        case .vacuum(let isFull, let tables):
            guard isFull else { return [] }
            let names = tables.map(\.description).joined(separator: ", ")
            return [LintRemark("VACUUM FULL writes \(names.isEmpty ? "all tables" : names) anew")]
        case .cluster(let table): return [LintRemark("CLUSTER writes \(table?.description ?? "tables") anew")]
        default:
            return statement.remarks { action, table in
                guard case .rewrite(let words) = action else { return nil }
                return "\(words) writes \(table) anew"
            }
        }
    }
}
