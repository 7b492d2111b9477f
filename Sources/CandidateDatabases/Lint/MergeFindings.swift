import ChangelogLint
import DesiredState
import Diagnostics
import GitClient

/// What lint finds in merges of candidates with their target branch, which went on since they left it.
///
/// A verdict is about the candidate and about what becomes of the branch, so a candidate is looked at again when the branch
/// moves. It is a memory and no more; what is not in it is found out again.
public actor MergeFindings {
    // Two generations: what nobody asks for while one of them fills is forgotten.
    private var recent: [Merge: [LintFinding]] = [:]
    private var older: [Merge: [LintFinding]] = [:]
    private let limit: Int

    /// Makes an empty memory for so many merges.
    public init(limit: Int = 10_000) { self.limit = limit }

    /// Equal values give the same findings.
    struct Merge: Hashable {
        /// The candidate's key, as if no merge had a say.
        let candidate: ContentKey
        /// The key of the target branch's head.
        let target: ContentKey
    }

    /// What is found in a merge. It is looked for elsewhere, so that others need not wait.
    func findings(
        in merge: Merge, otherwise find: @concurrent @Sendable () async throws -> [LintFinding]
    ) async throws -> [LintFinding] {
        if let findings = recent[merge] { return findings }
        let findings: [LintFinding]
        if let known = older[merge] { findings = known } else { findings = try await find() }
        if recent.count >= limit / 2 { (older, recent) = (recent, [:]) }
        recent[merge] = findings
        return findings
    }
}

extension GateRegistry {
    /// What lint finds in a merge of a candidate with its target branch, and in neither of them.
    ///
    /// - Parameters:
    ///   - database: the database that changelogs are told of.
    ///   - read: reads what the two and their base have.
    func findings(
        inMergeInto database: String, of read: () async throws -> PartedContent
    ) async throws -> [LintFinding] {
        let linter = ChangelogLinter(policy: spec.changelog.lint)
        do {
            let content = try await read()
            return try spec.changelogs.flatMap { changelog in
                try deployable(changelog, of: content.candidate, in: database)
                    .merge(into: content.target, since: content.base).map(linter.findings) ?? []
            }
        } catch let error as SluiceError where error.kind == .stalled {
            // One side cannot be read or understood for itself. Its own verdict says so, or its base template.
            return []
        }
    }
}

extension LintFinding {
    /// What has a candidate judged anew: that a merge breaks this rule. Words and lines move with every commit of the branch.
    var mergeText: String { "\(rule.name) \(identity.map(String.init(describing:)) ?? "")" }
}
