/// What a rule counts for.
public enum LintSeverity: String, Sendable, Hashable, Codable, CaseIterable {
    /// It is not asked.
    case off
    /// What it says is reported.
    case warn
    /// What it says refuses the changelog.
    case fail
}
