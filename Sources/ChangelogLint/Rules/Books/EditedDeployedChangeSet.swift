import Changelog

/// A changeset of the base whose checksum is another now.
struct EditedDeployedChangeSet: BooksRule {
    let description = RuleDescription(
        "edited-deployed-changeset", .fail, canBeAllowed: false,
        """
        A changeset that is deployed was edited. Databases that have it refuse the next update, and those that are \
        built anew get something else. `runOnChange`, `runAlways` and `validCheckSum` make it no mistake.
        """,
        advice: """
            leave the changeset as it was and add a new one; when both forms do the same, add the old checksum as \
            validCheckSum
            """)

    func judge(_ changelog: ChangelogContext) -> [LintRemark] {
        (changelog.plan?.refusals ?? []).map { refusal in
            LintRemark(
                "changeset \(refusal.identity) is deployed with checksum \(refusal.recorded) and has \(refusal.current) now",
                at: refusal.location,
                about: changelog.changelog.changeSets.first { $0.identity == refusal.identity })
        }
    }
}
