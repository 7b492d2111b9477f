import SQLSyntax

/// A setting that outlives its changeset.
struct SessionSetting: LintRule {
    let description = RuleDescription(
        "session-setting", .warn,
        """
        A changeset changes a setting of the session, as scripts made by pg_dump do. All changesets behind it run \
        under the setting when they run in the same update, and without it otherwise.
        """,
        advice: "use SET LOCAL, or write names with their schema")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard case .setting(let name, let isLocal) = statement.statement.kind, !isLocal else { return [] }
        let subject = name.isEmpty ? "all settings" : name
        return [LintRemark("\(statement.statement.verb) changes \(subject) for the rest of the session")]
    }
}
