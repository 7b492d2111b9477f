/// A rule's name and words, as they appear in findings and on the reference page.
public struct RuleDescription: Sendable, Hashable {
    /// What stands in policies and comments: `drop-column`. Never renamed.
    public let name: String
    /// What it looks for and why, in sentences.
    public let sentence: String
    /// What the judged statement takes on the table while it runs; nil when the rule is not about a lock.
    public let lock: TableLock?
    /// What to do instead.
    public let advice: String
    /// What it counts for when a policy does not name it.
    public let severity: LintSeverity
    /// Whether a comment in the changeset may allow it.
    public let canBeAllowed: Bool

    init(
        _ name: String, _ severity: LintSeverity, lock: TableLock? = nil, canBeAllowed: Bool = true,
        _ sentence: String, advice: String
    ) {
        self.name = name
        self.severity = severity
        self.lock = lock
        self.canBeAllowed = canBeAllowed
        self.sentence = sentence
        self.advice = advice
    }
}
