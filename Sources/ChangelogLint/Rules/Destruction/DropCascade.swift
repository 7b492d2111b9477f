import SQLSyntax

/// More goes than what is named.
struct DropCascade: LintRule {
    let description = RuleDescription(
        "drop-cascade", .warn, lock: .accessExclusive,
        """
        `CASCADE` drops whatever depends on the object, views and foreign keys among them. What that is depends on \
        the database, and no reviewer sees it.
        """,
        advice: "drop what depends on it by name, without CASCADE")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .drop(let drop) = statement.statement.kind, drop.isCascade else { return [] }
        return drop.names.filter { !statement.isFresh($0) }.map {
            LintRemark("\(drop.kind.rawValue) \($0) is dropped with whatever depends on it")
        }
    }
}
