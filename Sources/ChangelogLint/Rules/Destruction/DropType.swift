import SQLSyntax

/// A type or domain goes.
struct DropType: LintRule {
    let description = RuleDescription(
        "drop-type", .warn,
        "A type or a domain is dropped. Functions and programs that name it fail.",
        advice: "first deploy functions and programs that do not name it")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .drop(let drop) = statement.statement.kind, [.type, .domain].contains(drop.kind) else { return [] }
        return drop.names.map { LintRemark("\(drop.kind.rawValue) \($0) is dropped") }
    }
}
