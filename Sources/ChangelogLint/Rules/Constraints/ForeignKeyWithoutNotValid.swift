import SQLSyntax

/// A foreign key that is checked at once.
struct ForeignKeyWithoutNotValid: LintRule {
    let description = RuleDescription(
        "foreign-key-without-not-valid", .warn, lock: .shareRowExclusive,
        """
        A foreign key is added to a table that exists, and all its rows are checked while writers of both tables \
        wait.
        """,
        advice: "add it NOT VALID, and validate it in another changeset")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            // A new column that is null everywhere has nothing to be checked.
            if case .addColumn(let column) = action, column.defaultValue?.isNull ?? !column.isFilled { return nil }
            guard action.newConstraints.contains(where: Self.isMeant) else { return nil }
            return "a foreign key of \(table) is checked on all rows while writers of both tables wait"
        }
    }

    private static func isMeant(_ constraint: Constraint) -> Bool {
        guard case .foreignKey = constraint.kind else { return false }
        return !constraint.isNotValid
    }
}
