import Diagnostics

/// A changelog that nobody can understand once it is merged.
struct BrokenMerge: LintRule {
    let description = RuleDescription(
        "broken-merge", .fail, canBeAllowed: false,
        """
        The changelog can be understood, the target branch's can, and their merge cannot, though git sees no conflict: \
        two branches took one id in one file, or one moved what the other includes. After the merge every update is \
        refused.
        """,
        advice: "merge the target branch into yours, and mend the changelog there")

    func judge(_ merge: MergeContext) -> [LintRemark] {
        guard case .failure(let error) = merge.outcome else { return [] }
        return [LintRemark(error.message, at: error.location)]
    }
}
