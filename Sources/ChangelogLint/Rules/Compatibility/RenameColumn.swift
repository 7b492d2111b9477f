import SQLSyntax

/// A column under another name.
struct RenameColumn: LintRule {
    let description = RuleDescription(
        "rename-column", .warn, lock: .accessExclusive,
        """
        A column gets another name. Programs of the former version fail from that moment, and those of the next \
        before it.
        """,
        advice: "add a column of the new name, write both for a while, then drop the old one")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .rename(let rename) = statement.statement.kind, rename.kind == .column, let object = rename.object,
            let column = rename.part, !statement.isFresh(object)
        else { return [] }
        return [LintRemark("column \(column) of \(object) becomes \(rename.newName)")]
    }
}
