import GitClient

/// Says what the facts about one branch mean. Pure.
///
/// What counts is what is there now. A hotfix that was taken back, or taken over and promoted, stays in the branch's history
/// for ever; as long as no file tells, it is no drift.
struct DriftFindings {
    private let branch: DriftObservation.Branch
    /// Files that are otherwise than releases made them; nil when that is not known, so that every change counts.
    private let differing: Set<String>?
    private let concerns: (String) -> Bool

    /// - Parameter concerns: The files that are looked at.
    init(_ branch: DriftObservation.Branch, at concerns: @escaping (_ path: String) -> Bool = { _ in true }) {
        self.branch = branch
        self.concerns = concerns
        differing = branch.differing.map(Set.init)
    }

    /// All of them, the gravest first.
    var all: [DriftFinding] { (ofBranch + ofFiles).inOrder }

    /// What is about the branch as a whole.
    var ofBranch: [DriftFinding] { [missing, rewound, unsyncedReverts].compactMap(\.self) }

    /// What files tell.
    var ofFiles: [DriftFinding] { [evilMerges, ownCommits, content, takenOver].compactMap(\.self) }

    private var missing: DriftFinding? {
        branch.head == nil ? finding(.missing, [], [], "there is no branch \(branch.name)") : nil
    }

    private var rewound: DriftFinding? {
        guard let first = branch.lost.first else { return nil }
        if branch.isLossUnknown {
            let words = "was set back or pushed over: nobody can tell which releases it had at \(first.words)"
            return finding(.rewound, [first.id], [], words)
        }
        let words = "was set back or pushed over: \(count(branch.lost.count, "commit")) it had, it has no more"
        return finding(.rewound, branch.lost.map(\.id), [], "\(words), such as \(first.words)")
    }

    private var evilMerges: DriftFinding? {
        let merges = branch.handMade.filter { tells($0.paths) }
        guard let first = merges.first else { return nil }
        let words =
            first.resolvesConflict
            ? "resolves a conflict otherwise than the releases do" : "holds what merging its parents does not give"
        let paths = merges.flatMap(\.paths).filter(isDiffering)
        return finding(.evilMerge, merges.map(\.commit.id), paths, "the merge \(first.commit.words) \(words)")
    }

    private var ownCommits: DriftFinding? {
        let commits = current.filter { $0.takenOverBy == nil }
        guard let first = commits.first else { return nil }
        let paths = commits.flatMap(\.paths).filter(isDiffering)
        let words = "has \(count(commits.count, "commit")) of its own"
        return finding(
            .ownCommits, commits.map(\.commit.id), paths, "\(words): \(first.commit.words) by \(first.commit.author)")
    }

    private var takenOver: DriftFinding? {
        let commits = current.filter { $0.takenOverBy != nil }
        guard let first = commits.first else { return nil }
        let paths = commits.flatMap(\.paths).filter(isDiffering)
        let words =
            "has \(count(commits.count, "commit")) of its own that \(branch.upstream ?? "the upstream") has as well"
        return finding(
            .takenOver, commits.map(\.commit.id), paths,
            "\(words): the next promotion brings them together, \(first.commit.words)")
    }

    /// Files that differ and that no commit and no merge of the branch's own accounts for.
    private var content: DriftFinding? {
        let explained = Set(branch.own.flatMap(\.paths) + branch.handMade.flatMap(\.paths))
        let paths = (branch.differing ?? []).filter { concerns($0) && !explained.contains($0) }
        guard let first = paths.first else { return nil }
        return finding(
            .content, [], paths,
            "\(count(paths.count, "file")) not as releases made \(paths.count == 1 ? "it" : "them"): \(first)")
    }

    private var unsyncedReverts: DriftFinding? {
        guard let first = branch.unsynced.first else { return nil }
        let words = "lacks \(count(branch.unsynced.count, "revert")) that \(branch.upstream ?? "the upstream") has"
        let caution = branch.isSyncHarmless ? "" : "; a merge would bring more than that"
        return finding(
            .unsyncedReverts, branch.unsynced.map(\.revert.id), [], "\(words): \(first.revert.words)\(caution)")
    }

    /// Own commits whose files are still otherwise than releases made them.
    private var current: [OwnCommit] { branch.own.filter { tells($0.paths) } }

    private func tells(_ paths: [String]) -> Bool { paths.contains(where: isDiffering) }

    private func isDiffering(_ path: String) -> Bool { concerns(path) && (differing?.contains(path) ?? true) }

    private func finding(
        _ kind: DriftFinding.Kind, _ commits: [ObjectID], _ paths: [String], _ sentence: String
    ) -> DriftFinding {
        var seen: Set<String> = []
        return DriftFinding(
            kind: kind, commits: commits, paths: paths.filter { seen.insert($0).inserted }, sentence: sentence,
            acceptance: nil)
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension [DriftFinding] {
    /// The gravest first.
    var inOrder: [DriftFinding] { DriftFinding.Kind.allCases.flatMap { kind in filter { $0.kind == kind } } }
}

extension CommitNote {
    /// The commit for a sentence: `1a2b3c4d (hotfix: ntp server)`.
    var words: String { subject.isEmpty ? id.abbreviated : "\(id.abbreviated) (\(subject))" }
}
