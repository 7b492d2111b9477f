import SQLSyntax

/// A column goes, with its values.
struct DropColumn: LintRule {
    let description = RuleDescription(
        "drop-column", .warn, lock: .accessExclusive,
        """
        A column is dropped with its values. A rollback brings the column back, not the values; programs of the \
        former version fail at once.
        """,
        advice: "first deploy programs that do not use it, then drop it")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard case .dropColumn(let column) = action else { return nil }
            return "column \(column) of \(table) is dropped with its values"
        }
    }
}
