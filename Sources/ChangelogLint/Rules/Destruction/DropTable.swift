import SQLSyntax

/// A table goes, with its rows.
struct DropTable: LintRule {
    let description = RuleDescription(
        "drop-table", .warn, lock: .accessExclusive,
        """
        A table is dropped with all its rows. A rollback brings the table back, not the rows; programs of the \
        former version fail at once.
        """,
        advice: """
            first deploy programs that do not use it, keep it renamed or backed up for a while, then drop it
            """)

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .drop(let drop) = statement.statement.kind, drop.kind == .table else { return [] }
        return drop.names.filter { !statement.isFresh($0) }.map { LintRemark("table \($0) is dropped with its rows") }
    }
}
