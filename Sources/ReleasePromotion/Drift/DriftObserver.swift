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
    ///   - before: Where the branch stood when it was last seen with all its releases; nil at the first look.
    /// - Throws: `git.object-missing` when the repository lacks a commit that a branch stands at.
    public func look(
        at line: DriftLine, heads: [String: ObjectID], before: ObjectID?
    ) throws -> DriftObservation.Branch {
        let head = heads[line.branch]
        var branch = DriftObservation.Branch(name: line.branch, upstream: line.upstream, head: head)
        guard let head else { return branch }
        // What the first stage has and the next one lacks has not been released yet: the rest is history.
        let other = (line.upstream ?? line.downstream).flatMap { heads[$0] }
        try lookForLosses(of: &branch, head: head, beside: other, since: before)
        guard let other else {
            branch.differing = nil
            if let name = line.upstream ?? line.downstream {
                branch.gaps.append("history: there is no branch \(name) to compare it with")
            }
            return branch
        }
        let divergence = try attempt("history", &branch, or: nil) {
            try Divergence(of: head, from: other, in: trial, limit: limits.commits)
        }
        guard let divergence else {
            branch.differing = nil
            return branch
        }
        if line.upstream != nil {
            (branch.ahead, branch.behind) = (divergence.mine.count, divergence.theirs.count)
            try lookAtContent(of: &branch, divergence)
        } else {
            try lookAtFirstStage(of: &branch, divergence)
        }
        // Where every file is as releases made it, no merge can hold anything else.
        if branch.differing != [] { try compareMerges(of: &branch, divergence) }
        guard line.upstream != nil else { return branch }
        try lookForUnsyncedReverts(of: &branch, divergence)
        return branch
    }

    /// Notes commits with content that the branch had, and has no more.
    private func lookForLosses(
        of branch: inout DriftObservation.Branch, head: ObjectID, beside other: ObjectID?, since before: ObjectID?
    ) throws {
        guard let before, before != head else { return }
        let found = try attempt("what it lost", &branch, or: nil) {
            try losses(at: head, beside: other, since: before)
        }
        if let found {
            (branch.lost, branch.hasLostReleases) = found
        } else {
            branch.lost = [CommitNote(id: before, subject: "", author: "")]
            // Where all of the upstream is, no release can be missing. The first stage has none.
            let isWhole = try branch.upstream != nil && other.map { try trial.isAncestor($0, of: head) } ?? false
            branch.isLossUnknown = !isWhole
        }
    }

    /// The commits with content that are gone, and whether releases are among them; nil when where the branch stood is gone
    /// from here as well, as from a replica that came after the push.
    private func losses(
        at head: ObjectID, beside other: ObjectID?, since before: ObjectID
    ) throws -> (lost: [CommitNote], hasReleases: Bool)? {
        do {
            let gone = try trial.commits(through: before, hiding: [head], limit: limits.commits)
            let lost = gone.filter { $0.parents.count < 2 }
            guard !lost.isEmpty else { return ([], false) }
            // Released is what another branch has, or what came here by the merge of a release.
            let released = try [other].compactMap(\.self) + releases(among: gone, from: before)
            let isReleased = try lost.contains { commit in
                try released.contains { try trial.isAncestor(commit.id, of: $0) }
            }
            return (lost.map(CommitNote.init), isReleased)
        } catch let error as SluiceError where error.code == "git.object-missing" {
            return nil
        }
    }

    /// What releases brought by merges that are gone, and did not take back.
    private func releases(among gone: [GitCommit], from before: ObjectID) throws -> [ObjectID] {
        let ids = Set(gone.map(\.id))
        let events = try BranchHistory(of: before, in: trial).events.filter { ids.contains($0.commit) }
        let takenBack = Set(events.filter { $0.purpose == .rollback }.map(\.release))
        return events.filter { $0.purpose == .promotion && !takenBack.contains($0.release) }.map(\.merged)
    }

    private func lookForUnsyncedReverts(of branch: inout DriftObservation.Branch, _ divergence: Divergence) throws {
        branch.unsynced = try attempt("un-synchronised reverts", &branch, or: []) {
            try UnsyncedReverts(trial, limits).among(divergence)
        }
        guard !branch.unsynced.isEmpty else { return }
        let merged = try trial.merge(divergence.upstream, into: divergence.head)
        branch.isSyncHarmless = try merged.tree == trial.tree(of: divergence.head)
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
    /// The most commits that are tried as reverts although their messages do not say that they are.
    public var silentReverts: Int

    /// Makes limits; those not given are far beyond any sane flow.
    public init(commits: Int = 20_000, merges: Int = 100, candidates: Int = 2_000, silentReverts: Int = 200) {
        self.commits = commits
        self.merges = merges
        self.candidates = candidates
        self.silentReverts = silentReverts
    }
}

extension CommitNote {
    /// A commit in a few words.
    init(_ commit: GitCommit) {
        self.init(
            id: commit.id, subject: TextScrubber(limit: 120).scrub(commit.subject).replacingAll("\n", with: " "),
            author: TextScrubber(limit: 60).scrub(commit.author.name).replacingAll("\n", with: " "))
    }
}
