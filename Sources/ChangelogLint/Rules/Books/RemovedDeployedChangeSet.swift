import Changelog

/// A changeset of the base that the changelog does not have any more.
struct RemovedDeployedChangeSet: BooksRule {
    let description = RuleDescription(
        "removed-deployed-changeset", .warn,
        """
        A changeset that is deployed is gone from the changelog, or stands in another file now. Databases that \
        have it keep what it did, and those that are built anew never get it; a moved one runs a second time.
        """,
        advice: """
            keep the changeset, and undo what it did in a new one; give a moved file the logicalFilePath that it had
            """)

    func judge(_ changelog: ChangelogContext) -> [LintRemark] {
        guard let base = changelog.base else { return [] }
        let present = Books(changelog.allIdentities.map { BookEntry(identity: $0) })
        let fresh = changelog.changelog.changeSets.filter(changelog.isNew)
        return base.changeSets.filter { present[$0.identity] == nil }.map { gone in
            let moved = fresh.first { $0.identity.id == gone.identity.id && $0.identity.author == gone.identity.author }
            let place = moved.map { ", and one of the same id and author stands in \($0.identity.path)" } ?? ""
            return LintRemark(
                "deployed changeset \(gone.identity) is not there any more\(place)",
                at: moved?.changeSet.location, about: moved, identity: gone.identity)
        }
    }
}
