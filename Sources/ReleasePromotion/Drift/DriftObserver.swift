import Diagnostics
public import GitClient

/// Looks at branches in memory; changes nothing. One observer serves within one call of ``GitMirror/speculate(_:)``.
public struct DriftObserver {
    let trial: Speculation
    let limits: DriftLimits

    /// Makes an observer.
    public init(_ trial: Speculation, limits: DriftLimits = DriftLimits()) {
        self.trial = trial
        self.limits = limits
    }

    /// Looks at one branch.
    ///
    /// - Parameters:
    ///   - heads: Where all branches stand.
    ///   - memory: What was remembered of this branch.
    /// - Throws: `git.object-missing` when the repository lacks a commit that a branch stands at.
    public func look(
        at line: DriftLine, heads: [String: ObjectID], memory: DriftMemory?
    ) throws -> DriftObservation.Branch {
        let head = heads[line.branch]
        var branch = DriftObservation.Branch(name: line.branch, upstream: line.upstream, head: head)
        guard let head else { return branch }
        branch.lost = try attempt("what it lost", &branch, or: []) { try lost(since: memory?.head, at: head) }
        guard let upstream = line.upstream.flatMap({ heads[$0] }) else {
            let next = line.downstream.flatMap { heads[$0] }
            branch.differing = nil
            try compareMerges(of: &branch, head: head, hiding: next, memory)
            return branch
        }
        (branch.ahead, branch.behind) = try trial.aheadBehind(head, upstream)
        try compareMerges(of: &branch, head: head, hiding: upstream, memory)
        try lookAtContent(of: &branch, head: head, upstream: upstream)
        branch.unsynced = try attempt("un-synchronised reverts", &branch, or: []) {
            try UnsyncedReverts(trial, limits).on(upstream, missingIn: head)
        }
        if !branch.unsynced.isEmpty {
            let merged = try trial.merge(upstream, into: head)
            branch.isSyncHarmless = try merged.tree == trial.tree(of: head)
        }
        return branch
    }

    /// Commits with content that `before` contains and `head` does not.
    private func lost(since before: ObjectID?, at head: ObjectID) throws -> [CommitNote] {
        guard let before else { return [] }
        do {
            guard try !trial.isAncestor(before, of: head) else { return [] }
            return try trial.commits(through: before, hiding: [head], limit: limits.commits)
                .filter { $0.parents.count < 2 }.map(CommitNote.init)
        } catch let error as SluiceError where error.code == "git.object-missing" {
            // It was pushed over, and the commit is gone from here as well.
            return [CommitNote(id: before, subject: "", author: "")]
        }
    }

    /// What cannot be found out for its size is said, and the rest is still looked at.
    func attempt<R>(
        _ what: String, _ branch: inout DriftObservation.Branch, or otherwise: R, _ body: () throws -> R
    ) throws -> R {
        do {
            return try body()
        } catch let error as SluiceError where Self.sizes.contains(error.code) {
            branch.gaps.append("\(what): \(error.message)")
            return otherwise
        }
    }

    private static let sizes: Set<SluiceError.Code> = [
        "git.history-too-long", "git.diff-too-large", "git.unrelated-histories",
    ]
}

/// How far back branches are looked at.
public struct DriftLimits: Hashable, Sendable {
    /// The most commits that two branches may differ by.
    public var commits: Int
    /// The most merges that are made again for one branch in one look; older ones are left alone.
    public var merges: Int
    /// The most commits among which the same change, or what a revert takes back, is looked for.
    public var candidates: Int

    /// Makes limits; those not given are far beyond any sane flow.
    public init(commits: Int = 20_000, merges: Int = 200, candidates: Int = 2_000) {
        self.commits = commits
        self.merges = merges
        self.candidates = candidates
    }
}

extension CommitNote {
    /// A commit in a few words.
    init(_ commit: GitCommit) {
        self.init(
            id: commit.id, subject: TextScrubber(limit: 120).scrub(commit.subject).replacing("\n", with: " "),
            author: TextScrubber(limit: 60).scrub(commit.author.name).replacing("\n", with: " "))
    }
}
