import SQLSyntax

/// A schema goes.
struct DropSchema: LintRule {
    let description = RuleDescription(
        "drop-schema", .warn,
        "A schema is dropped, perhaps with everything in it.",
        advice: "drop what is in it by name, so that a reviewer sees what goes")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .drop(let drop) = statement.statement.kind, drop.kind == .schema else { return [] }
        return drop.names.map { LintRemark("schema \($0) is dropped") }
    }
}
