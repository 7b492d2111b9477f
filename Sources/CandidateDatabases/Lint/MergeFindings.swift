import ChangelogLint
import DesiredState
import Diagnostics
import GitClient

/// What lint finds in merges of candidates with their target branch, which went on since they left it.
///
/// A verdict is about the candidate and about what becomes of the branch, so a candidate is looked at again when the branch
/// moves. It is built anew only when the merge has another thing to say, which it hardly ever has: the findings are part of
/// its key, the branch is not. It is a memory and no more; what is not in it is found out again.
public actor MergeFindings {
    private var known: [Merge: [LintFinding]] = [:]
    private let limit: Int

    /// Makes an empty memory for so many merges.
    public init(limit: Int = 2000) { self.limit = limit }

    /// Equal values give the same findings.
    struct Merge: Hashable {
        /// The candidate's key, as if no merge had a say.
        let candidate: ContentKey
        /// The key of the target branch's head.
        let target: ContentKey
    }

    /// What is found in a merge.
    func findings(
        in merge: Merge, otherwise find: @Sendable () async throws -> [LintFinding]
    ) async throws -> [LintFinding] {
        if let findings = known[merge] { return findings }
        let findings = try await find()
        // Whatever is forgotten is found out again, so it does not matter which are.
        if known.count >= limit { known.removeAll() }
        known[merge] = findings
        return findings
    }
}

extension GateRegistry {
    /// What lint finds in a merge of a candidate with its target branch, and in neither of them.
    ///
    /// - Parameters:
    ///   - candidate: its content, with the merge.
    ///   - base: what the candidate left from.
    ///   - target: the target branch as it is now.
    ///   - database: the database that changelogs are told of.
    func findings(
        inMergeOf candidate: CommitContent, since base: CommitContent, into target: CommitContent, in database: String
    ) throws -> [LintFinding] {
        let linter = ChangelogLinter(policy: spec.changelog.lint)
        do {
            return try spec.changelogs.flatMap { changelog in
                try deployable(changelog, of: candidate, in: database).merge(into: target, since: base)
                    .map(linter.findings) ?? []
            }
        } catch let error as SluiceError where error.kind == .stalled {
            // One side cannot be understood for itself. Its own verdict says so, or its base template.
            return []
        }
    }
}

extension LintFinding {
    /// What tells it from others in a key: lines move with every commit of the target branch.
    var identityText: String {
        "\(rule.name) \(severity.rawValue) \(identity.map(String.init(describing:)) ?? message)"
    }
}
