import Changelog

/// One id in two changesets.
struct DuplicateID: BooksRule {
    let description = RuleDescription(
        "duplicate-id", .warn,
        """
        Two changesets share an id and differ by author or file only. They are two changesets to the engine and \
        one to most readers; often one was copied, or two branches took the same next number. Plain numbers count \
        within a file only, as many changelogs number each file from 1.
        """,
        advice: "give each changeset an id of its own, such as a date with a word")

    func judge(_ changelog: ChangelogContext) -> [LintRemark] {
        var first: [[String]: PreparedChangeSet] = [:]
        var remarks: [LintRemark] = []
        for changeSet in changelog.changelog.changeSets {
            let identity = changeSet.identity
            let isNumber = identity.id.utf8.count < 5 && identity.id.utf8.allSatisfy { (0x30...0x39).contains($0) }
            // Changesets of plain SQL files have no identity of their own but the file.
            if identity.id == "raw", identity.author == "includeAll" { continue }
            let key = isNumber ? [identity.id, identity.path] : [identity.id]
            guard let other = first[key] else {
                first[key] = changeSet
                continue
            }
            guard changelog.isNew(changeSet) || changelog.isNew(other) else { continue }
            let (new, old) = changelog.isNew(changeSet) ? (changeSet, other) : (other, changeSet)
            remarks.append(
                LintRemark(
                    "changeset \(new.identity) has the id of \(old.identity) at \(old.changeSet.location)", about: new))
        }
        return remarks
    }
}
