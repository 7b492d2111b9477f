/// Which rules count, and for what.
public struct LintPolicy: Sendable, Hashable {
    /// By the rule's name; a rule that is not named counts for what it says itself.
    public var rules: [String: LintSeverity]
    /// Whether a changeset's comment may allow what a rule is against; see ``Allowance``.
    public var honoursAllowances: Bool

    /// Makes a policy.
    public init(rules: [String: LintSeverity] = [:], honoursAllowances: Bool = true) {
        self.rules = rules
        self.honoursAllowances = honoursAllowances
    }

    /// What a rule counts for.
    public func severity(of rule: RuleDescription) -> LintSeverity { rules[rule.name] ?? rule.severity }

    /// A policy under which no rule is asked.
    public static let off = LintPolicy(
        rules: Dictionary(uniqueKeysWithValues: LintRules.all.map { ($0.description.name, LintSeverity.off) }))
}
