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
    /// What the controller said before that is released.
    var known: ObjectID?
    /// What is remembered of branches that were walked before.
    var memory: BranchMemory?

    /// Reads.
    func read(at now: Date) throws -> ReleaseObservation {
        let batches = spec.batches.map(\.zones)
        let histories = try histories()
        let source = try heads[spec.source].map { try origin($0) }
        let trail = try ReleaseTrail(
            of: release, spec, stages: rules.stages, in: histories, source: source?.commit, known: known, trial)
        let merges = try merges(histories, batches, trail, source?.commit)
        let walk = Walk(stages: rules.stages, batches: batches, heads: walkHeads(batches), merges: merges)
        let entered = try rules.stages.first.flatMap { merges[$0] }.flatMap { try trial.commit($0).parents.last }
        let promoted = try (trail.origin ?? entered).map { try origin($0) }
        // What is given up goes nowhere, and its source may be anything.
        let rehearsed = spec.target == .cancelled && promoted == nil ? nil : promoted ?? source
        let rehearsal = try rehearsed.map { origin in
            try Rehearser(trial, pins: pins).rehearse(origin.commit, over: walk)
        }
        let rollback = try RollbackReader(
            self, walk: walk, histories: histories, entry: trail.entry ?? rules.stages.first.flatMap { merges[$0] }
        ).read()
        let shortLived = try shortLived(source?.commit)
        return ReleaseObservation(
            release: release, spec: spec, rules: rules, now: now, source: source, promoted: promoted, walk: walk,
            rehearsal: rehearsal, altered: try altered(merges), strangers: trail.strangers, rollback: rollback,
            deploys: try deploys(merges, rollback, histories), shortLived: shortLived.ours,
            foreignBranches: shortLived.foreign)
    }

    /// The release's short-lived branches, and those of such names that hold commits of somebody's. Ours stand at a commit
    /// that lives on elsewhere, or that Sluice made.
    func shortLived(_ source: ObjectID?) throws -> (ours: [String: ObjectID], foreign: [String]) {
        let zones = Set(spec.batches.flatMap(\.zones))
        func livesOn(_ branch: String) -> Bool {
            rules.stages.contains(branch) || rules.isZone(branch) || zones.contains(branch)
        }
        let lasting = heads.filter { livesOn($0.key) }.map(\.value) + [source, known].compactMap(\.self)
        let named = heads.filter { release.target(ofShortLived: $0.key).map(livesOn) ?? false }
        let ours = try named.filter { _, head in
            try trial.commit(head).committer.isSluice || lasting.contains { try trial.isAncestor(head, of: $0) }
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
            .mapValues { try BranchHistory(of: $0, in: trial, remembering: memory) }
    }

    private func walkHeads(_ batches: [[String]]) -> [String: ObjectID] {
        let branches = Set(rules.stages + batches.flatMap(\.self))
        return heads.filter { branches.contains($0.key) }
    }

    /// The merges by which branches got the release: those that say so, and those that merged what the release carries on.
    private func merges(
        _ histories: [String: BranchHistory], _ batches: [[String]], _ trail: ReleaseTrail, _ source: ObjectID?
    ) throws -> [String: ObjectID] {
        var merges: [String: ObjectID] = [:]
        var carried = try trail.origin ?? handed(histories, source)
        for stage in rules.stages {
            let found = try trail.merges[stage] ?? histories[stage].flatMap { try merge(of: carried, in: $0) }
            if let found { merges[stage] = found }
            carried = found
        }
        for zone in batches.flatMap(\.self) {
            let found = try trail.merges[zone] ?? histories[zone].flatMap { try merge(of: carried, in: $0) }
            // A zone that was made from the stage later has the stage's merge, and none of its own.
            if let found, found != carried { merges[zone] = found }
        }
        return merges
    }

    /// What a merge by hand would have brought, as no merge says that it is the release's: what the source holds. Once it has
    /// moved, or is gone, what the controller said before is what people have merged, if they have.
    private func handed(_ histories: [String: BranchHistory], _ source: ObjectID?) throws -> ObjectID? {
        guard let known, known != source, try trial.contains(known) else { return source }
        guard let source else { return known }
        let merge = rules.stages.first.flatMap { histories[$0]?.merge(of: known) }
        return merge.map { $0.release == nil } ?? false ? known : source
    }

    /// The merge by hand that brought a commit along. What another release has brought is there, but is not this one's.
    private func merge(of carried: ObjectID?, in history: BranchHistory) throws -> ObjectID? {
        guard let carried else { return nil }
        if let exact = history.merge(of: carried) { return exact.release == nil ? exact.commit : nil }
        let holders = try history.events.prefix { try trial.isAncestor(carried, of: $0.commit) }
        guard let oldest = holders.last, oldest.release == nil, try trial.isAncestor(carried, of: oldest.merged),
            try !trial.isAncestor(carried, of: oldest.before)
        else { return nil }
        return oldest.commit
    }

    /// What zones got that is to be proved deployed: the revert where it is merged, else the release's own merge. What a zone
    /// has by another release's merge is for that one to prove.
    private func deploys(
        _ merges: [String: ObjectID], _ rollback: RollbackSight, _ histories: [String: BranchHistory]
    ) throws -> [String: ExpectedDeploy] {
        guard spec.target != .cancelled else { return [:] }
        var deploys: [String: ExpectedDeploy] = [:]
        for zone in rules.arrival.keys {
            guard let head = heads[zone] else { continue }
            if let revert = rollback.reverts[zone]?.commit, try trial.isAncestor(revert, of: head) {
                let bringing = try histories[zone]?.events.prefix { try trial.isAncestor(revert, of: $0.commit) }.last
                let since = try trial.commit(bringing?.commit ?? head).committer.date
                deploys[zone] = ExpectedDeploy(revert, since: since)
            } else if spec.target != .rolledBack, let merge = merges[zone] {
                deploys[zone] = ExpectedDeploy(merge, since: try trial.commit(merge).committer.date)
            }
        }
        return deploys
    }

    /// The merges that hold something else than a merge of their parents gives, as long as that is there and nobody who may
    /// has accepted it; by branch, with the tree that there is to accept.
    private func altered(_ merges: [String: ObjectID]) throws -> [String: ObjectID] {
        var altered: [String: ObjectID] = [:]
        for (branch, merge) in merges {
            guard let head = heads[branch] else { continue }
            let tree = try trial.tree(of: merge)
            let isAccepted = spec.accepted.contains {
                $0.branch == branch && $0.tree == tree.hex && ReleaseRules.mayApprove($0.by, spec, rules.approvals)
            }
            if try !isAccepted && isAltered(merge, on: head) { altered[branch] = tree }
        }
        return altered
    }

    private func isAltered(_ merge: ObjectID, on head: ObjectID) throws -> Bool {
        let commit = try trial.commit(merge)
        guard let ours = commit.parents.first, let theirs = commit.parents.last, ours != theirs else { return false }
        // Where the parents conflict somebody has decided, and nobody can tell how from the parents.
        guard let made = try trial.merge(theirs, into: ours).tree else { return true }
        guard made != commit.tree else { return false }
        // Where files are moved, two programs may merge them differently: that excuses these files and no others.
        let moved = try trial.changes(from: try trial.tree(of: ours), to: commit.tree)
            .filter { $0.oldPath != nil }.flatMap { [$0.path, $0.oldPath ?? $0.path] }
        let odd = try trial.changes(from: made, to: commit.tree).flatMap { [$0.path, $0.oldPath ?? $0.path] }
        guard odd.contains(where: { !moved.contains($0) }) else { return false }
        // What was slipped in is gone when taking it out changes nothing.
        let now = try trial.tree(of: head)
        return try trial.apply(from: commit.tree, to: made, onto: now).tree != now
    }
}
