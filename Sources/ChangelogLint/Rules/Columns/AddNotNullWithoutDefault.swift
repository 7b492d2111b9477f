import SQLSyntax

/// A column that existing rows cannot fill.
struct AddNotNullWithoutDefault: LintRule {
    let description = RuleDescription(
        "add-not-null-without-default", .fail, lock: .accessExclusive,
        """
        A `NOT NULL` column without a default is added to a table that exists. The deploy fails on any database \
        that has a row in it; a candidate's database is empty and shows nothing.
        """,
        advice: "add the column with a default, or without NOT NULL, fill it, and set NOT NULL afterwards")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard case .addColumn(let column) = action, column.isNotNull, !column.isFilled,
                column.defaultValue?.isNull ?? true
            else { return nil }
            return "column \(column.name) of \(table) is NOT NULL and has no default: rows that exist cannot fill it"
        }
    }
}
