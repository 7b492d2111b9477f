public import Changelog
public import Diagnostics

/// A changelog that is to be merged into a target that went on meanwhile.
public struct ChangelogMerge: Sendable {
    /// The changelog for itself.
    public let changelog: PreparedChangelog
    /// The target's changelog where the two parted.
    public let base: PreparedChangelog
    /// The target's changelog by now: what is deployed when the merge is.
    public let target: PreparedChangelog
    /// The merged changelog, or why nobody can understand it.
    public let merged: Result<PreparedChangelog, SluiceError>

    /// Makes a merge of its parts.
    public init(
        of changelog: PreparedChangelog, since base: PreparedChangelog, into target: PreparedChangelog,
        giving merged: Result<PreparedChangelog, SluiceError>
    ) {
        self.changelog = changelog
        self.base = base
        self.target = target
        self.merged = merged
    }
}

/// A merge under judgement.
public struct MergeContext: Sendable {
    /// The merged changelog beside its target's, or why it cannot be understood.
    public let outcome: Result<ChangelogContext, SluiceError>

    init(_ merge: ChangelogMerge) {
        outcome = merge.merged.map { ChangelogContext(changelog: $0, base: merge.target) }
    }
}
