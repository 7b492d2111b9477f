import SQLSyntax

/// An object in another schema.
struct ChangeSchema: LintRule {
    let description = RuleDescription(
        "change-schema", .warn, lock: .accessExclusive,
        """
        A table or another object moves to another schema, or a schema gets another name. Programs that name it \
        with its schema, or do not search the new one, fail.
        """,
        advice: "keep a view at the old place until all programs use the new one")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        switch statement.statement.kind {
        case .move(let kind, let name, let schema):
            guard !(name.map(statement.isFresh) ?? false) else { return [] }
            return [LintRemark("\(kind.rawValue) \(name?.description ?? "") moves to schema \(schema)")]
        case .rename(let rename):
            guard rename.kind == .schema else { return [] }
            return [LintRemark("schema \(rename.part ?? "") becomes \(rename.newName)")]
        default: return []
        }
    }
}
