/// One rule. It is asked about the changelog once, about each new changeset, and about each statement of those, and
/// answers where it has something to say. Rules are pure; what they need to know is in the context.
///
/// One rule is one file, with everything that there is to say about it: the reference page is made of it.
public protocol LintRule: Sendable {
    /// Its name and its words.
    var description: RuleDescription { get }

    /// What it says about the changelog as a whole.
    func judge(_ changelog: ChangelogContext) -> [LintRemark]

    /// What it says about a new changeset.
    func judge(_ changeSet: ChangeSetContext) -> [LintRemark]

    /// What it says about a statement of a new changeset.
    func judge(_ statement: StatementContext) -> [LintRemark]
}

extension LintRule {
    /// Nothing.
    public func judge(_ changelog: ChangelogContext) -> [LintRemark] { [] }
    /// Nothing.
    public func judge(_ changeSet: ChangeSetContext) -> [LintRemark] { [] }
    /// Nothing.
    public func judge(_ statement: StatementContext) -> [LintRemark] { [] }
}
