public import Changelog

/// A changelog under judgement.
public struct ChangelogContext: Sendable {
    /// The changelog as it would be.
    public let changelog: PreparedChangelog
    /// The changelog as it is deployed; nil when there is nothing to compare with.
    public let base: PreparedChangelog?
    /// What an update of a database with the base would do; nil without a base.
    public let plan: DeploymentPlan?

    private let deployed: Books

    init(changelog: PreparedChangelog, base: PreparedChangelog?) {
        self.changelog = changelog
        self.base = base
        let entries = (base?.changeSets ?? []).enumerated().map { index, prepared in
            BookEntry(identity: prepared.identity, order: index, checksum: prepared.checksum)
        }
        deployed = Books(entries)
        plan = base == nil ? nil : DeploymentPlan(changelog, books: deployed)
    }

    /// Whether the base has the changeset, in whatever form.
    public func isDeployed(_ identity: ChangeSet.Identity) -> Bool { deployed[identity] != nil }

    /// Whether the changeset has still to run as it is written now: the base does not have it, or it is one that runs
    /// again and was changed.
    public func isNew(_ changeSet: PreparedChangeSet) -> Bool {
        guard let entry = deployed[changeSet.identity] else { return true }
        return entry.checksum != changeSet.checksum
    }
}

extension ChangelogContext {
    /// Every changeset that the changelog has, also those that the filter leaves out.
    var allIdentities: [ChangeSet.Identity] {
        changelog.changeSets.map(\.identity) + changelog.leftOut.map(\.changeSet.identity)
    }
}
