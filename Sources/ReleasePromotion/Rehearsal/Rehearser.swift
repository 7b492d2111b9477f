import Foundation
public import GitClient

/// Walks a release over all its branches in memory.
///
/// Stage after stage is merged on the simulated result of the one before; zones get the commit of the last stage. What is
/// carried on is a commit, never "whatever the branch holds": as the promotion itself does it.
public struct Rehearser {
    private let trial: Speculation
    private let pins: PinReading?

    /// Makes a rehearser that works in memory.
    public init(_ trial: Speculation, pins: PinReading? = nil) {
        self.trial = trial
        self.pins = pins
    }

    /// Walks.
    /// - Parameter source: The commit that is released.
    /// - Throws: `git.object-missing`.
    public func rehearse(_ source: ObjectID, over walk: Walk) throws -> Rehearsal {
        var steps: [Rehearsal.Step] = []
        var change: ReleaseChange?
        var origin = "the source"
        for (index, stage) in walk.stages.enumerated() {
            if index == 0, let head = walk.heads[stage] {
                change = try ReleaseChange(source: source, from: head, in: trial)
            }
            let branch = try rehearse(stage, change, after: origin, in: walk)
            steps.append(.init(id: .stage(stage), branches: [branch]))
            change = try carriedOn(from: branch, index > 0 ? change : nil, in: walk)
            origin = stage
        }
        for (index, zones) in walk.batches.enumerated() {
            let branches = try zones.map { try rehearse($0, change, after: origin, in: walk) }
            steps.append(.init(id: .batch(index + 1), branches: branches))
        }
        return Rehearsal(steps: steps)
    }

    /// What the step after a stage merges: the commit by which the stage has the release, or would get it.
    /// - Parameter change: What the stage was to get, when that was a merge of the release's.
    private func carriedOn(
        from branch: BranchRehearsal, _ change: ReleaseChange?, in walk: Walk
    ) throws -> ReleaseChange? {
        if let merge = walk.merges[branch.branch] { return try ReleaseChange(merge: merge, in: trial) }
        guard let tried = branch.trial else { return nil }
        if tried.verdict == .nothingToDo { return try change?.along(to: tried.head, in: trial) }
        guard let result = tried.result else { return nil }
        let commit = try trial.makeCommit(
            tree: result, parents: [tried.head, tried.source], message: "Rehearsal\n",
            by: try author(after: [tried.head, tried.source]))
        return ReleaseChange(commit: commit, before: try trial.tree(of: tried.head), after: result)
    }

    /// Nobody, at the time of the newest parent: walks through history go by the commits' times, and one that seems older
    /// than its parents makes each of them walk to the beginning.
    private func author(after parents: [ObjectID]) throws -> GitSignature {
        let newest = try parents.map { try trial.commit($0).committer.date }.max()
        return GitSignature(
            name: "Rehearsal", email: "rehearsal@localhost", date: newest ?? Date(timeIntervalSince1970: 0))
    }

    private func rehearse(
        _ branch: String, _ change: ReleaseChange?, after origin: String, in walk: Walk
    ) throws -> BranchRehearsal {
        guard let head = walk.heads[branch] else { return BranchRehearsal(branch: branch, outcome: .missing) }
        guard walk.merges[branch] == nil, let change else {
            guard let merge = walk.merges[branch] else {
                return BranchRehearsal(branch: branch, outcome: .unknown(until: origin))
            }
            let done = BranchRehearsal.Trial(
                verdict: .nothingToDo, head: head, source: merge, result: try trial.tree(of: head))
            return BranchRehearsal(branch: branch, outcome: .tried(done))
        }
        return BranchRehearsal(branch: branch, outcome: .tried(try tryOut(change, on: head)))
    }

    /// Tries to merge a change into a branch.
    func tryOut(_ change: ReleaseChange, on head: ObjectID) throws -> BranchRehearsal.Trial {
        let target = try trial.tree(of: head)
        let bases = try trial.mergeBases(head, change.commit)
        guard !bases.isEmpty else {
            return BranchRehearsal.Trial(verdict: .unrelated, head: head, source: change.commit, result: nil)
        }
        let isContained =
            try bases.contains(change.commit)
            || change.witness != change.commit && trial.isAncestor(change.witness, of: head)
        let merged =
            isContained ? .merged(tree: target) : try trial.merge(change.commit, into: head, from: bases)
        let expectation =
            isContained ? target : try trial.apply(from: change.before, to: change.after, onto: target).tree
        let diagnosis = Diagnosis(
            target: target, isContained: isContained, result: merged.tree, expectation: expectation,
            resultHoldsExpectation: try holds(expectation, in: merged.tree, target))
        let isCrowded = diagnosis.verdict == .clean && !change.passengers.isEmpty
        return BranchRehearsal.Trial(
            verdict: isCrowded ? .stowaway : diagnosis.verdict, head: head, source: change.commit,
            result: merged.tree, passengers: change.passengers,
            conflicts: merged.conflicts, changes: try merged.tree.map { try trial.changes(from: target, to: $0) } ?? [],
            pins: try merged.tree.flatMap { try pinChanges(from: target, to: $0) })
    }

    /// Whether a result has everything that was expected: then adding the expectation to it changes nothing. Where the two
    /// change the same lines differently, something else has come over the release.
    private func holds(_ expectation: ObjectID?, in result: ObjectID?, _ target: ObjectID) throws -> Bool {
        guard let expectation, let result, expectation != result else { return true }
        let both = try trial.apply(from: target, to: expectation, onto: result)
        return both.tree.map { $0 == result } ?? true
    }

    private func pinChanges(from old: ObjectID, to new: ObjectID) throws -> [PinChange]? {
        guard let pins else { return nil }
        func read(_ tree: ObjectID) throws -> [String: String]? {
            try pins { try trial.file(at: $0, inTree: tree, limit: Self.pinFileLimit) }
        }
        guard let before = try read(old), let after = try read(new) else { return nil }
        return PinChange.between(before, after)
    }

    private static let pinFileLimit = 4 << 20
}
