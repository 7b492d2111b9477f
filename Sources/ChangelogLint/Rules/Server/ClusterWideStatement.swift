import SQLSyntax

/// A statement about the whole server.
struct ClusterWideStatement: LintRule {
    let description = RuleDescription(
        "cluster-wide-statement", .fail,
        """
        Roles, databases, tablespaces, subscriptions and settings of the server are shared by all its databases. A \
        changelog is about one of them: the login of a deploy has no right to such statements, and another \
        database of the server would be touched.
        """,
        advice: "leave them to whoever runs the server")

    func judge(_ statement: StatementContext) -> [LintRemark] {
        guard statement.statement.kind == .clusterWide else { return [] }
        return [LintRemark("\(statement.statement.verb) is about the whole server, not about this database")]
    }
}
