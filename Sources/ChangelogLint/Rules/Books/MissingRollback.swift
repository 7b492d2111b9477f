import Changelog

/// A changeset that cannot be taken back. Most teams never roll back but go on, so it is for those that ask for it.
struct MissingRollback: LintRule {
    let description = RuleDescription(
        "missing-rollback", .off,
        """
        A changeset has a change without an inverse, such as SQL text, and no rollback: `rollback` stops there.
        """,
        advice: "write a rollback; an empty one says that there is nothing to take back")

    func judge(_ changeSet: ChangeSetContext) -> [LintRemark] {
        guard let reason = changeSet.prepared.reasonAgainstRollback(in: changeSet.changelog.changelog) else {
            return []
        }
        return [LintRemark("changeset \(changeSet.prepared.identity) cannot be rolled back: \(reason)")]
    }
}
