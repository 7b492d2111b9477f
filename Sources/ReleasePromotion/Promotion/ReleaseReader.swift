import DesiredState
import Foundation
import GitClient

/// Reads out of the branches how a release stands: what was merged, what was taken back, and what the next merges would do.
/// All of it in memory and in one go.
struct ReleaseReader {
    let trial: Speculation
    let release: ReleaseName
    let spec: ReleaseSpec
    let rules: ControlRepositorySpec
    /// Where all branches stand.
    let heads: [String: ObjectID]
    /// What earlier passes remember of branches: only whether one that is gone had the release.
    let remembered: [String: TargetResult]
    let pins: PinReading?
    /// The commit that an earlier pass was about; nil when there was none.
    var formerCommit: ObjectID?

    /// Reads.
    func read(at now: Date) throws -> ReleaseObservation {
        let batches = spec.batches.map(\.zones)
        let histories = try histories()
        let source = try heads[spec.source].map { try origin($0) }
        let merges = try merges(histories, batches, source?.commit)
        let walk = Walk(stages: rules.stages, batches: batches, heads: walkHeads(batches), merges: merges)
        let promoted = try rules.stages.first.flatMap { merges[$0] }.flatMap { try trial.commit($0).parents.last }
            .map { try origin($0) }
        let rehearsal = try (promoted ?? source).map { origin in
            try Rehearser(trial, pins: pins).rehearse(origin.commit, over: walk)
        }
        let shortLived = try shortLived(source?.commit)
        let altered = try merges.filter { try isAltered($0.value) }.keys.sorted()
        return ReleaseObservation(
            release: release, spec: spec, rules: rules, now: now, source: source, promoted: promoted, walk: walk,
            rehearsal: rehearsal, altered: altered,
            rollback: try RollbackReader(self, walk: walk, histories: histories).read(),
            shortLived: shortLived.ours, foreignBranches: shortLived.foreign)
    }

    /// The release's short-lived branches, and those of such names that hold commits of somebody's. Ours stand at a commit
    /// that lives on elsewhere, or that Sluice made.
    private func shortLived(_ source: ObjectID?) throws -> (ours: [String: ObjectID], foreign: [String]) {
        let zones = Set(spec.batches.flatMap(\.zones))
        func livesOn(_ branch: String) -> Bool {
            rules.stages.contains(branch) || rules.isZone(branch) || zones.contains(branch)
        }
        let known = heads.filter { livesOn($0.key) }.map(\.value) + [source, formerCommit].compactMap(\.self)
        let named = heads.filter { release.target(ofShortLived: $0.key).map(livesOn) ?? false }
        let ours = try named.filter { _, head in
            try trial.commit(head).committer.isSluice || known.contains { try trial.isAncestor(head, of: $0) }
        }
        return (ours, named.keys.filter { ours[$0] == nil }.sorted())
    }

    private func origin(_ commit: ObjectID) throws -> ReleaseObservation.Origin {
        .init(commit: commit, tree: try trial.tree(of: commit))
    }

    /// The branches that a release can be on, each with its own history.
    private func histories() throws -> [String: BranchHistory] {
        let zones = Set(spec.batches.flatMap(\.zones))
        return try heads.filter { rules.stages.contains($0.key) || rules.isZone($0.key) || zones.contains($0.key) }
            .mapValues { try BranchHistory(of: $0, in: trial) }
    }

    private func walkHeads(_ batches: [[String]]) -> [String: ObjectID] {
        let branches = Set(rules.stages + batches.flatMap(\.self))
        return heads.filter { branches.contains($0.key) }
    }

    /// The merges by which branches got the release: those that say so, and those that merged what the release carries on.
    private func merges(
        _ histories: [String: BranchHistory], _ batches: [[String]], _ source: ObjectID?
    ) throws -> [String: ObjectID] {
        var merges: [String: ObjectID] = [:]
        var carried = source
        for stage in rules.stages {
            guard let history = histories[stage], let found = try merge(of: carried, in: history) else { return merges }
            merges[stage] = found
            carried = found
        }
        for zone in batches.flatMap(\.self) {
            guard let history = histories[zone], let found = try merge(of: carried, in: history) else { continue }
            // A zone that was made from the stage later has the stage's merge, and none of its own.
            if found != carried { merges[zone] = found }
        }
        return merges
    }

    /// The merge by which a branch got the release: the one that says so, or the one that brought the commit along.
    private func merge(of carried: ObjectID?, in history: BranchHistory) throws -> ObjectID? {
        if let told = history.last(.promotion, of: release) { return told.commit }
        guard let carried else { return nil }
        if let exact = history.merge(of: carried) { return exact.commit }
        let holders = try history.events.prefix { try trial.isAncestor(carried, of: $0.commit) }
        // What another release has brought along is there, but not by a merge of this one.
        guard let oldest = holders.last, oldest.release == nil, try trial.isAncestor(carried, of: oldest.merged)
        else { return nil }
        return oldest.commit
    }

    /// Whether a merge holds something else than a merge of its parents gives. Where files are moved nobody can tell: two
    /// programs may merge them differently.
    private func isAltered(_ merge: ObjectID) throws -> Bool {
        let commit = try trial.commit(merge)
        guard let ours = commit.parents.first, let theirs = commit.parents.last, ours != theirs else { return false }
        let result = try trial.merge(theirs, into: ours)
        guard result.tree != commit.tree else { return false }
        return try !trial.changes(from: try trial.tree(of: ours), to: commit.tree).contains { $0.oldPath != nil }
    }
}
