import Changelog
import Diagnostics

/// An allowance that allows nothing.
struct UnusableAllowance: LintRule {
    let description = RuleDescription(
        "unusable-allowance", .warn, canBeAllowed: false,
        """
        A comment has `sluice:allow` without a reason, or names a rule that there is not. It allows nothing.
        """,
        advice: "write sluice:allow rule-name: reason")

    func judge(_ changeSet: ChangeSetContext) -> [LintRemark] {
        Allowance.read(changeSet.prepared.changeSet.comment).flatMap { allowance -> [LintRemark] in
            guard allowance.isValid else {
                return [LintRemark("\(Allowance.word) needs rules and, behind a colon, a reason")]
            }
            return allowance.rules.filter { !LintRules.names.contains($0) }.map { name in
                let nearest = Suggestion.nearest(to: name, in: LintRules.names).map { "; did you mean \($0)?" } ?? ""
                return LintRemark("\(Allowance.word) names \(name), which is no rule\(nearest)")
            }
        }
    }
}
