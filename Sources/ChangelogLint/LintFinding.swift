public import Changelog
public import Diagnostics

/// A remark with the weight that the policy gives it.
public struct LintFinding: Sendable, Hashable {
    /// How much it counts.
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        /// It is reported.
        case warn
        /// The changelog is refused.
        case fail
    }

    /// The rule.
    public let rule: RuleDescription
    /// How much it counts.
    public let severity: Severity
    /// The changeset; nil when it is about the changelog as a whole.
    public let identity: ChangeSet.Identity?
    /// Where it stands.
    public let location: SourceLocation
    /// What is there, in a sentence without a full stop.
    public let message: String

    /// Makes a finding.
    public init(
        rule: RuleDescription, severity: Severity, identity: ChangeSet.Identity?, location: SourceLocation,
        message: String
    ) {
        self.rule = rule
        self.severity = severity
        self.identity = identity
        self.location = location
        self.message = message
    }
}
