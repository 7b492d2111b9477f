import SQLSyntax

/// A type change that writes the table anew.
struct RewritingTypeChange: LintRule {
    let description = RuleDescription(
        "rewriting-type-change", .warn, lock: .accessExclusive,
        """
        A column gets a type for which PostgreSQL writes the table and all its indexes anew, under the strongest \
        lock. A longer `varchar`, `text` instead of `varchar` and the like are harmless, when the changelog tells \
        what the type was.
        """,
        advice: "add a column of the new type, fill it in batches, and let it take the other's place")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard case .alterType(let column, let type, let hasConversion) = action else { return nil }
            let old = statement.table(table)?.columns[column]
            guard TypeChange(from: old, to: type, hasConversion: hasConversion).rewrites else { return nil }
            let former = old.map { ", it was \($0)" } ?? ""
            return "column \(column) of \(table) becomes \(type)\(former): the table is written anew"
        }
    }
}
