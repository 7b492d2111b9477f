import Diagnostics

/// Moves changesets with `runOrder` to the front or the end; all others keep the order of the text.
enum RunOrdering {
    static func ordered(_ changeSets: [ChangeSet]) -> [ChangeSet] {
        guard changeSets.contains(where: { $0.runOrder != nil }) else { return changeSets }
        return changeSets.filter { $0.runOrder == .first } + changeSets.filter { $0.runOrder == nil }
            + changeSets.filter { $0.runOrder == .last }
    }
}

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
