import SQLSyntax

/// An exclusion constraint on a table in use.
struct ExclusionConstraint: LintRule {
    let description = RuleDescription(
        "exclusion-constraint", .warn, lock: .accessExclusive,
        """
        An exclusion constraint is added to a table that exists. Its index is built while everybody waits, and \
        PostgreSQL has no other way.
        """,
        advice: "plan it for a quiet hour, or for a new table that takes the rows over")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard action.newConstraints.contains(where: Self.isMeant) else { return nil }
            return "an exclusion constraint of \(table) builds its index while everybody waits"
        }
    }

    private static func isMeant(_ constraint: Constraint) -> Bool {
        constraint.kind == .exclusion
    }
}
