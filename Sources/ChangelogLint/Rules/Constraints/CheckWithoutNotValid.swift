import SQLSyntax

/// A check that reads the table at once.
struct CheckWithoutNotValid: LintRule {
    let description = RuleDescription(
        "check-without-not-valid", .warn, lock: .accessExclusive,
        """
        A check constraint is added to a table that exists, and all its rows are read while everybody waits.
        """,
        advice: "add it NOT VALID, and validate it in another changeset")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard action.newConstraints.contains(where: Self.isMeant) else { return nil }
            return "a check of \(table) reads all rows while everybody waits"
        }
    }

    private static func isMeant(_ constraint: Constraint) -> Bool {
        guard case .check = constraint.kind else { return false }
        return !constraint.isNotValid
    }
}
