import Changelog

/// A new changeset in front of deployed ones.
struct OutOfOrderChangeSet: BooksRule {
    let description = RuleDescription(
        "out-of-order-changeset", .warn,
        """
        A new changeset stands before one that is deployed. Databases that exist run it after that one, databases \
        that are built anew before: the two may differ.
        """,
        advice: "put new changesets at the end, or name files so that new ones sort last")

    func judge(_ changelog: ChangelogContext) -> [LintRemark] {
        guard changelog.base != nil else { return [] }
        let changeSets = changelog.changelog.changeSets
        guard
            let last = changeSets.lastIndex(where: { changelog.isDeployed($0.identity) && $0.changeSet.runOrder == nil }
            )
        else { return [] }
        return changeSets.prefix(upTo: last).filter {
            !changelog.isDeployed($0.identity) && $0.changeSet.runOrder == nil && !$0.changeSet.runAlways
        }.map {
            LintRemark(
                "new changeset \($0.identity) stands before \(changeSets[last].identity), which is deployed", about: $0)
        }
    }
}
