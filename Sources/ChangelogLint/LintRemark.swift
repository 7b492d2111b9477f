public import Changelog
public import Diagnostics

/// What a rule has to say in one case.
public struct LintRemark: Sendable {
    /// What is there, in a sentence without a full stop.
    public var message: String
    /// Where, when it is not where the changeset or the statement begins.
    public var location: SourceLocation?
    /// The changeset that it is about, for rules that judge the changelog as a whole.
    public var changeSet: PreparedChangeSet?
    /// The changeset that it is about, when the changelog does not have it any more.
    public var identity: ChangeSet.Identity?

    /// Makes a remark.
    public init(
        _ message: String, at location: SourceLocation? = nil, about changeSet: PreparedChangeSet? = nil,
        identity: ChangeSet.Identity? = nil
    ) {
        self.message = message
        self.location = location
        self.changeSet = changeSet
        self.identity = identity
    }
}
