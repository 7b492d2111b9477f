import Changelog
import Diagnostics

extension ChangelogLinter {
    /// What is to be said about a merge only: what the changelog does not show for itself, because its target went on
    /// since the two parted.
    ///
    /// Rules about statements are not asked. What a changeset does to tables is the same before a merge and after.
    public func findings(in merge: ChangelogMerge) -> [LintFinding] {
        let before = ChangelogContext(changelog: merge.changelog, base: merge.base)
        let after = MergeContext(merge)
        return rules.flatMap { rule in
            // Lines move and words differ from one merge to the next; the rule and its changeset do not.
            let said = Set(rule.judge(before).map(\.subject))
            return rule.judge(after).filter { !said.contains($0.subject) }.compactMap { remark in
                var remark = remark
                // Lines of the merged file are nobody's yet.
                remark.location =
                    merge.changelog.changeSets.first { $0.identity == remark.subject }?.changeSet.location
                    ?? remark.location.map { SourceLocation(file: $0.file) }
                remark.message = "merged with the target branch: \(remark.message)"
                return finding(remark, of: rule.description, inChangelog: merge.changelog.path)
            }
        }
    }
}

extension LintRemark {
    /// The changeset that it is about.
    fileprivate var subject: ChangeSet.Identity? { changeSet?.identity ?? identity }
}
