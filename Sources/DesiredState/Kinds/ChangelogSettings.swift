public import ChangelogLint

/// What holds for all changelogs of a registry.
public struct ChangelogSettings: Hashable, Sendable {
    /// What the rules of lint count for in a candidate's verdict.
    public let lint: LintPolicy

    /// Makes settings.
    public init(lint: LintPolicy = LintPolicy()) { self.lint = lint }
}

extension ChangelogSettings {
    static let schema = Schema<ChangelogSettings>.object(
        .defaulted(
            "lint", \.lint, LintPolicy.schema, to: LintPolicy(), "What lint counts for in a candidate's verdict."),
        make: ChangelogSettings.init)
}

extension LintPolicy {
    static let schema = Schema<LintPolicy>.object(
        .defaulted(
            "rules", \.rules, rulesSchema, to: [:],
            "What single rules count for: off, warn or fail. Others count for what they say themselves."),
        .defaulted(
            "allowances", \.honoursAllowances, .bool, to: true,
            "Whether the comment of a changeset may allow what a rule is against."),
        make: { LintPolicy(rules: $0, honoursAllowances: $1) })

    private static let rulesSchema = Schema<[String: LintSeverity]>.map(to: LintSeverity.schema)
        .checked { _, node, findings in
            let known = LintRules.names
            for member in Schema<[String: LintSeverity]>.members(of: node, &findings) ?? []
            where !known.contains(member.key) {
                findings.reportUnknownKey(member, known: known)
            }
        }
}

extension LintSeverity {
    static let schema = Schema<LintSeverity>.choice(with: .off)
}
