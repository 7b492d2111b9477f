import SQLSyntax

/// A new column for which every row is written.
struct RewritingNewColumn: LintRule {
    let description = RuleDescription(
        "rewriting-new-column", .warn, lock: .accessExclusive,
        """
        A column is added whose value differs from row to row: a volatile default, such as `gen_random_uuid()`, a \
        serial or identity column, or a stored generated one. The table is written anew. A constant or stable \
        default, such as `now()`, is free.
        """,
        advice: """
            add the column without default, set the default for new rows, and fill the old ones in batches
            """)

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard case .addColumn(let column) = action else { return nil }
            if column.isFilled {
                return "column \(column.name) is added with a value for each row: \(table) is written anew"
            }
            guard let function = column.defaultValue?.functions.first(where: { !Volatility.isStable($0) }) else {
                return nil
            }
            return
                "the default of column \(column.name) calls \(function), which may be volatile: \(table) is written anew"
        }
    }
}
