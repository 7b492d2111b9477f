/// Which events a channel tells of. What is left out does not restrict.
public struct NoticeRule: Hashable, Sendable, Codable {
    /// The kinds of the objects; empty for all.
    public let kinds: [String]
    /// How the objects' names look; empty for all. The name of a registry stands for its candidates too.
    public let names: [String]
    /// How the reasons look; empty for all.
    public let reasons: [String]
    /// The least severity.
    public let severity: NoticeSeverity

    /// Makes a rule.
    public init(
        kinds: [String] = [], names: [String] = [], reasons: [String] = [], severity: NoticeSeverity = .normal
    ) {
        self.kinds = kinds
        self.names = names
        self.reasons = reasons
        self.severity = severity
    }

    /// Every warning.
    public static let warnings = NoticeRule(severity: .warning)

    /// Whether it covers an event of an object.
    public func covers(_ key: ResourceKey, severity: NoticeSeverity, reason: String) -> Bool {
        guard severity == .warning || self.severity == .normal else { return false }
        guard kinds.isEmpty || kinds.contains(key.kind) else { return false }
        guard reasons.isEmpty || reasons.contains(where: { BranchPattern($0).matches(reason) }) else { return false }
        let spellings = [key.name] + key.components.prefix(1)
        return names.isEmpty
            || names.contains { pattern in spellings.contains { BranchPattern(pattern).matches($0) } }
    }
}

/// How bad an event is.
public enum NoticeSeverity: String, Sendable, Codable, CaseIterable {
    /// As it should be.
    case normal = "Normal"
    /// Somebody may have to act.
    case warning = "Warning"
}

extension NoticeRule {
    static let schema = Schema<NoticeRule>.object(
        .listed(
            "kinds", \.kinds, of: ResourceSelector.kind,
            "The kinds of the objects; left out, all of them."),
        .listed(
            "names", \.names, of: ResourceSelector.namePattern,
            "How their names look, with * and ?; the name of a registry stands for its candidates too."),
        .listed(
            "reasons", \.reasons, of: reasonPattern,
            "How the reasons of events look, such as MergeRefused or Merge*."),
        .defaulted("severity", \.severity, .choice, to: .normal, "The least severity: Normal or Warning."),
        make: NoticeRule.init)

    private static let reasonPattern = Schema<String>.text(
        expected: "the reason of an event, with * and ? for what may stand there"
    ) { $0.wholeMatch(of: /[A-Za-z0-9*?]{1,100}/) != nil }
}
