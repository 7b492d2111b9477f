import Changelog
import SQLSyntax

/// A changeset without transaction that could be one.
struct NeedlesslyNonTransactional: LintRule {
    let description = RuleDescription(
        "needlessly-non-transactional", .warn,
        """
        A changeset has `runInTransaction="false"` and no statement that needs it. When it fails half way, what it \
        did stays and the books know nothing of it.
        """,
        advice: "leave the attribute out")

    func judge(_ changeSet: ChangeSetContext) -> [LintRemark] {
        guard !changeSet.isTransactional, changeSet.unjudged.isEmpty, !changeSet.parts.isEmpty,
            changeSet.parts.allSatisfy(\.statement.isSurelyTransactional)
        else { return [] }
        return [LintRemark("changeset \(changeSet.prepared.identity) runs without transaction and could be one")]
    }
}
