import Changelog

/// Several statements that are not one transaction.
struct SeveralStatementsWithoutTransaction: LintRule {
    let description = RuleDescription(
        "several-statements-without-transaction", .warn,
        """
        A changeset with `runInTransaction="false"` has several statements. When a later one fails, the earlier \
        ones stay, and the next attempt trips over them.
        """,
        advice: "give each statement a changeset of its own")

    func judge(_ changeSet: ChangeSetContext) -> [LintRemark] {
        let count = changeSet.parts.count + changeSet.unjudged.count
        guard !changeSet.isTransactional, count > 1 else { return [] }
        return [LintRemark("changeset \(changeSet.prepared.identity) runs \(count) statements without a transaction")]
    }
}
