import Diagnostics

extension ChangelogResolver {
    /// Two changesets of one identity are an error when the same update would look at both of them. For different
    /// databases or contexts one identity may stand twice.
    mutating func reportDuplicates(in changeSets: [ChangeSet]) {
        var seen: [ChangeSet.Identity: SourceLocation] = [:]
        for changeSet in changeSets where parameters.filter.reasonToSkip(changeSet) == nil {
            if let first = seen[changeSet.identity] {
                findings.error(
                    "changelog.duplicate-changeset", at: changeSet.location,
                    "the changeset \(changeSet.identity) stands twice; the first one is at \(first)")
            } else {
                seen[changeSet.identity] = changeSet.location
            }
        }
    }
}
