/// One rule. It is asked about the changelog once, about each new changeset, and about each statement of those, and once
/// about the changelog as a merge would have it. It answers where it has something to say. Rules are pure; what they need
/// to know is in the context.
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

    /// What it says about a merge with the target.
    func judge(_ merge: MergeContext) -> [LintRemark]
}

extension LintRule {
    /// Nothing.
    public func judge(_ changelog: ChangelogContext) -> [LintRemark] { [] }
    /// Nothing.
    public func judge(_ changeSet: ChangeSetContext) -> [LintRemark] { [] }
    /// Nothing.
    public func judge(_ statement: StatementContext) -> [LintRemark] { [] }
    /// Nothing.
    public func judge(_ merge: MergeContext) -> [LintRemark] { [] }
}

/// A rule about which changesets there are, and in which order: what it says about a changelog it says about a merged one.
protocol BooksRule: LintRule {}

extension BooksRule {
    func judge(_ merge: MergeContext) -> [LintRemark] {
        guard case .success(let changelog) = merge.outcome else { return [] }
        return judge(changelog)
    }
}
