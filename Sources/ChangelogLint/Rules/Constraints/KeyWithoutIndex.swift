import SQLSyntax

/// A key that builds its index on the spot.
struct KeyWithoutIndex: LintRule {
    let description = RuleDescription(
        "key-without-index", .warn, lock: .accessExclusive,
        """
        A primary key or a unique constraint is added to a table that exists, and its index is built while \
        everybody waits.
        """,
        advice: "build a unique index CONCURRENTLY first, and add the constraint USING INDEX")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        statement.remarks { action, table in
            guard action.newConstraints.contains(where: Self.isMeant) else { return nil }
            return "a key of \(table) builds its index while everybody waits"
        }
    }

    private static func isMeant(_ constraint: Constraint) -> Bool {
        (constraint.kind == .unique || constraint.kind == .primaryKey) && constraint.index == nil
    }
}
