import DesiredState
import Diagnostics
import Foundation
import GitClient

/// Reads out of the branches how taking a release back stands, and what is left to be done.
struct RollbackReader {
    private let trial: Speculation
    private let release: ReleaseName
    private let spec: ReleaseSpec
    private let rules: ControlRepositorySpec
    private let heads: [String: ObjectID]
    private let remembered: [String: TargetResult]
    private let walk: Walk
    private let histories: [String: BranchHistory]
    private let entry: ObjectID?

    /// - Parameter entry: The merge by which the release came into the first branch; nil when it is merged into none.
    init(_ reader: ReleaseReader, walk: Walk, histories: [String: BranchHistory], entry: ObjectID?) {
        trial = reader.trial
        release = reader.release
        spec = reader.spec
        rules = reader.rules
        heads = reader.heads
        remembered = reader.remembered
        self.walk = walk
        self.histories = histories
        self.entry = entry
    }

    /// Reads; an empty sight while nothing is merged.
    func read() throws -> RollbackSight {
        guard let merge = entry else { return RollbackSight() }
        var sight = RollbackSight()
        let had = try histories.keys.filter { branch in
            try heads[branch].map { try trial.isAncestor(merge, of: $0) } ?? false
        }
        let reverted = try commit(takingBack: merge)
        var stacked = StackedReleases(trial)
        for branch in had.sorted() {
            guard let head = heads[branch], let history = histories[branch] else { continue }
            let own = ownMerge(of: branch) ?? merge
            let revert = rules.rollback == .sharedRevert ? reverted : try ownRevert(of: own, on: head, or: reverted)
            sight.reverts[branch] = revert
            if try trial.isAncestor(revert.commit, of: head) { sight.hasBegun = true }
            sight.branches[branch] = try standing(revert, on: head, history)
            if case .open(let tried) = sight.branches[branch], tried.verdict != .clean {
                let later = try history.promotions { try trial.isAncestor(revert.merge, of: $0.before) }
                sight.newer[branch] = try stacked.releases(on: revert, among: later.filter { $0.release != release })
            }
            if try isSuperseded(revert, by: history, after: own, sight.branches[branch]) {
                sight.superseded.insert(branch)
            }
        }
        for branch in rules.stages + spec.batches.flatMap(\.zones) where heads[branch] == nil && hadRelease(branch) {
            sight.branches[branch] = .gone
        }
        if sight.isDone {
            sight.syncs = try rules.rollback == .revertAndSync ? syncs(had, sight) : []
            if sight.syncs.allSatisfy({ $0.trial == nil }) { sight.unclean = try unclean(had, merge) }
        }
        return sight
    }

    /// The merge that a branch's own revert takes back. A zone that was made after the release has none of its own: there it
    /// is the last stage's.
    private func ownMerge(of branch: String) -> ObjectID? {
        walk.merges[branch] ?? marked(on: branch) ?? rules.stages.last.flatMap { walk.merges[$0] }
    }

    /// A branch's own revert, where that takes back the release and nothing else. A merge that brought more along, because
    /// somebody made it by hand or something was accepted with it, is not taken back as a whole: there the shared revert is.
    private func ownRevert(
        of own: ObjectID, on head: ObjectID, or shared: RollbackSight.Revert
    ) throws -> RollbackSight.Revert {
        let revert = try commit(takingBack: own)
        if try trial.isAncestor(revert.commit, of: head) { return revert }
        if try trial.isAncestor(shared.commit, of: head) { return shared }
        let tree = try trial.tree(of: head)
        let results = try [revert, shared].map { revert in
            try trial.apply(
                from: try trial.tree(of: revert.merge), to: try trial.tree(of: revert.commit), onto: tree
            ).tree
        }
        return results[0] == results[1] ? revert : shared
    }

    /// A merge on a zone in no batch that says so and brought what the release was entered by.
    private func marked(on branch: String) -> ObjectID? {
        histories[branch]?.events.first { event in
            event.purpose == .promotion && event.release == release
                && (try? entry.map { try trial.isAncestor($0, of: event.merged) } ?? false) ?? false
        }?.commit
    }

    private func hadRelease(_ branch: String) -> Bool {
        remembered[branch].map { $0 != .waiting && $0 != .failed } ?? false
    }

    /// The commit that takes a merge back: made on top of it, so that it fits there always, and the same for everybody who
    /// makes it.
    private func commit(takingBack merge: ObjectID) throws -> RollbackSight.Revert {
        let plan = try RevertCommit(of: try trial.commit(merge), release: release) { try trial.tree(of: $0) }
        return .init(
            merge: merge,
            commit: try trial.makeCommit(
                tree: plan.tree, parents: [merge], message: plan.message, by: plan.author))
    }

    private func standing(
        _ revert: RollbackSight.Revert, on head: ObjectID, _ history: BranchHistory
    ) throws -> RollbackSight.Standing {
        if try trial.isAncestor(revert.commit, of: head) {
            let event = history.merge(of: revert.commit)
            if try isThere(revert, on: head) {
                // A later release that holds the same is the way to bring it again.
                let later = try firstRelease(after: event?.commit, in: history) {
                    try !isThere(revert, on: $0.before) && isThere(revert, on: $0.commit)
                }
                if later == nil { return .cameBack }
            }
            guard let event else { return .reverted }
            return try trial.tree(of: event.commit) == trial.tree(of: event.before) ? .empty : .reverted
        }
        let change = ReleaseChange(
            commit: revert.commit, before: try trial.tree(of: revert.merge), after: try trial.tree(of: revert.commit))
        let tried = try Rehearser(trial).tryOut(change, on: head)
        // A branch's own revert that changes nothing is not merged: the sync carries on what undid it.
        guard rules.rollback == .revertAndSync else { return .open(tried) }
        if tried.verdict == .clean, tried.changes.isEmpty { return .empty }
        guard [.rolledBack, .cancelled].contains(spec.target) else { return .open(tried) }
        // What a later release did to these lines since they were as before is that one's.
        let later = try history.events.prefix { try trial.isAncestor(revert.merge, of: $0.before) }.first { event in
            try event.purpose == .promotion && event.release != release
                && isUndone(revert, in: trial.tree(of: event.before))
                && !isUndone(revert, in: trial.tree(of: event.commit))
        }
        return later == nil ? .open(tried) : .empty
    }

    /// Whether nothing is left of the release because a later one replaced it: that is no loss.
    private func isSuperseded(
        _ revert: RollbackSight.Revert, by history: BranchHistory, after own: ObjectID,
        _ standing: RollbackSight.Standing?
    ) throws -> Bool {
        switch standing {
        case .open(let trial) where trial.verdict == .clean && trial.changes.isEmpty: break
        case .empty: break
        case .open, .reverted, .cameBack, .gone, nil: return false
        }
        return try firstRelease(after: own, in: history) {
            try isThere(revert, on: $0.before) && !isThere(revert, on: $0.commit)
        } != nil
    }

    /// The first merge of another release after one that does something.
    private func firstRelease(
        after commit: ObjectID?, in history: BranchHistory, _ does: (BranchEvent) throws -> Bool
    ) throws -> BranchEvent? {
        guard let commit else { return nil }
        return try history.events.prefix { $0.commit != commit }.reversed().first {
            try $0.purpose == .promotion && $0.release != release && does($0)
        }
    }

    /// Whether nothing of a release is in a tree: taking it back changes nothing there.
    private func isUndone(_ revert: RollbackSight.Revert, in tree: ObjectID) throws -> Bool {
        try trial.apply(from: try trial.tree(of: revert.merge), to: try trial.tree(of: revert.commit), onto: tree).tree
            == tree
    }

    /// Whether a branch holds what was taken back: then taking it back once more would change something.
    private func isThere(_ revert: RollbackSight.Revert, on head: ObjectID) throws -> Bool {
        let tree = try trial.tree(of: head)
        let without = try trial.apply(
            from: try trial.tree(of: revert.merge), to: try trial.tree(of: revert.commit), onto: tree)
        return without.tree.map { $0 != tree } ?? false
    }

    /// What carries the reverts on: from stage to stage, then into the zones that had the release.
    private func syncs(_ had: [String], _ sight: RollbackSight) throws -> [RollbackSight.Sync] {
        // A stage that was set back to before the release has nothing to carry on.
        let stages = rules.stages.drop { sight.reverts[$0] == nil }
        guard let first = stages.first, let head = heads[first], let revert = sight.reverts[first] else { return [] }
        var source = try undoing(revert, on: first, at: head)
        var syncs: [RollbackSight.Sync] = []
        for stage in stages.dropFirst() {
            guard let head = heads[stage] else { return syncs }
            guard try trial.isAncestor(source, of: head) else {
                return syncs + [.init(branch: stage, trial: try tryOut(source, on: head))]
            }
            syncs.append(.init(branch: stage, trial: nil))
            source = try bringing(source, to: stage, at: head)
        }
        for zone in had.sorted() where !rules.stages.contains(zone) {
            guard let head = heads[zone] else { continue }
            let isDone = try trial.isAncestor(source, of: head)
            syncs.append(.init(branch: zone, trial: isDone ? nil : try tryOut(source, on: head)))
        }
        return syncs
    }

    /// The commit of a stage's own line from which on nothing is left of what a revert takes back: the one that brought the
    /// revert, or that somebody undid it by. Where the stage stands later is no business of the release's.
    private func undoing(_ revert: RollbackSight.Revert, on stage: String, at head: ObjectID) throws -> ObjectID {
        if try trial.isAncestor(revert.commit, of: head) { return try bringing(revert.commit, to: stage, at: head) }
        var undoing = head
        try trial.walkFirstParents(from: head) { commit in
            guard try trial.isAncestor(revert.merge, of: commit.id) else { return false }
            if try isUndone(revert, in: commit.tree) { undoing = commit.id }
            return true
        }
        return undoing
    }

    /// The commit of a stage's own line by which it got another one.
    private func bringing(_ commit: ObjectID, to stage: String, at head: ObjectID) throws -> ObjectID {
        if let merge = histories[stage]?.merge(of: commit) { return merge.commit }
        var bringing = head
        try trial.walkFirstParents(from: head) { one in
            guard try trial.isAncestor(commit, of: one.id) else { return false }
            bringing = one.id
            return true
        }
        return bringing
    }

    private func tryOut(_ source: ObjectID, on head: ObjectID) throws -> BranchRehearsal.Trial {
        try Rehearser(trial).tryOut(try ReleaseChange(merge: source, in: trial), on: head)
    }

    /// The branches on which the same change, released anew, would be lost or conflict with what the history still holds.
    private func unclean(_ had: [String], _ merge: ObjectID) throws -> [String] {
        guard let stage = rules.stages.first, let head = heads[stage] else { return [] }
        let change = try ReleaseChange(merge: merge, in: trial)
        guard let tree = try trial.apply(from: change.before, to: change.after, onto: try trial.tree(of: head)).tree
        else { return [] }
        let again = try trial.makeCommit(
            tree: tree, parents: [head], message: "The next release\n", by: try trial.commit(merge).committer)
        let zones = had.filter { !rules.stages.contains($0) }.sorted()
        let next = try Rehearser(trial).rehearse(
            again, over: Walk(stages: rules.stages, batches: [zones], heads: heads))
        return next.branches.filter { $0.verdict == .unsyncedRevert || $0.verdict == .silentLoss }.map(\.branch)
    }
}

/// The commit that takes a merge back, as it is made in memory and then for good.
struct RevertCommit {
    let tree: ObjectID
    let message: String
    let author: GitSignature

    /// - Parameter treeOf: The tree of a commit.
    init(of merge: GitCommit, release: ReleaseName, treeOf: (ObjectID) throws -> ObjectID) throws {
        tree = try merge.parents.first.map(treeOf) ?? merge.tree
        let subject = merge.subject.replacingAll("\"", with: "'")
        let parent = merge.parents.first.map { ", reversing\nchanges made to \($0)" } ?? ""
        message = ReleaseMessage.text(
            "Revert \"\(subject)\"\n\nThis reverts commit \(merge.id)\(parent).", .rollback, of: release)
        author = .sluice(at: merge.committer.date)
    }
}
