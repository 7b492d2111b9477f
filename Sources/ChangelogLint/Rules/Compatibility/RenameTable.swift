import SQLSyntax

/// A table under another name.
struct RenameTable: LintRule {
    let description = RuleDescription(
        "rename-table", .warn, lock: .accessExclusive,
        """
        A table or a view gets another name. Programs of the former version fail from that moment, and those of \
        the next before it.
        """,
        advice: "keep a view under the old name until all programs use the new one")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .rename(let rename) = statement.statement.kind, let object = rename.object,
            [.table, .view, .materializedView].contains(rename.kind), !statement.isFresh(object)
        else { return [] }
        return [LintRemark("\(rename.kind.rawValue) \(object) becomes \(rename.newName)")]
    }
}
