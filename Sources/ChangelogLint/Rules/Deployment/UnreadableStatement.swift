import Changelog

/// SQL that cannot be judged.
struct UnreadableStatement: LintRule {
    let description = RuleDescription(
        "unreadable-statement", .warn,
        """
        PostgreSQL's grammar, as of version 15, does not accept a statement, or it is too long or nested too deep \
        to be looked at. No other rule has seen it.
        """,
        advice: "judge the statement by hand and allow it in the comment")

    func judge(_ changeSet: ChangeSetContext) -> [LintRemark] {
        changeSet.unjudged.map { LintRemark("the statement cannot be judged: \($0.reason)", at: $0.location) }
    }
}
