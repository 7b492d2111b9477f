import Diagnostics
import GitClient

extension DriftObserver {
    /// Makes merges of the branch again and notes those that hold something else than their parents give.
    ///
    /// Only the branch's own line is looked at: what people merge into branches of their own is their business, and comes in
    /// by a merge that is looked at.
    func compareMerges(of branch: inout DriftObservation.Branch, _ divergence: Divergence) throws {
        let merges = divergence.line.filter { $0.parents.count > 1 }
        if merges.count > limits.merges {
            branch.gaps.append("merges: those older than the newest \(limits.merges) were not made again")
        }
        for merge in merges.prefix(limits.merges) {
            if let mistake = try attempt("merge \(merge.id.abbreviated)", &branch, or: nil, { try compare(merge) }) {
                branch.handMade.append(mistake)
            }
        }
    }

    private func compare(_ merge: GitCommit) throws -> HandMadeMerge? {
        guard let ours = merge.parents.first, let theirs = merge.parents.dropFirst().first, merge.parents.count == 2
        else {
            let changed = try merge.parents.first.map { try paths(from: trial.tree(of: $0), to: merge.tree) } ?? []
            return HandMadeMerge(CommitNote(merge), paths: changed, resolvesConflict: false)
        }
        switch try trial.merge(theirs, into: ours) {
        case .merged(merge.tree): return nil
        case .merged(let tree):
            return HandMadeMerge(
                CommitNote(merge), paths: try paths(from: tree, to: merge.tree), resolvesConflict: false)
        case .conflicts(let conflicts):
            return HandMadeMerge(CommitNote(merge), paths: conflicts.map(\.path), resolvesConflict: true)
        }
    }

    /// The paths that differ between two trees; of a moved file both.
    func paths(from old: ObjectID, to new: ObjectID) throws -> [String] {
        try trial.changes(from: old, to: new).flatMap { [$0.oldPath, $0.path].compactMap(\.self) }
    }
}
