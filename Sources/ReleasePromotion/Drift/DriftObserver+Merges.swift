import Diagnostics
import GitClient

extension DriftObserver {
    /// Makes the branch's new merges again and notes those that hold something else.
    func compareMerges(
        of branch: inout DriftObservation.Branch, head: ObjectID, hiding other: ObjectID?, _ memory: DriftMemory?
    ) throws {
        let compared = try memory?.comparedThrough.flatMap { try isThere($0) ? $0 : nil }
        let merges = try attempt("merges", &branch, or: []) {
            try newMerges(of: head, hiding: [other, compared].compactMap(\.self))
        }
        if merges.count > limits.merges {
            branch.gaps.append("merges: those older than the newest \(limits.merges) were not made again")
        }
        var found: [HandMadeMerge] = []
        for merge in merges.prefix(limits.merges) {
            if let mistake = try attempt("merge \(merge.id.abbreviated)", &branch, or: nil, { try compare(merge) }) {
                found.append(mistake)
            }
        }
        let remembered = try (memory?.handMade ?? []).filter { merge in
            try isThere(merge.commit.id) && trial.isAncestor(merge.commit.id, of: head)
                && !(other.map { try trial.isAncestor(merge.commit.id, of: $0) } ?? false)
        }
        branch.handMade = found + remembered
    }

    /// Merges on the branch's own line that the others do not contain, newest first. What people merge into branches of their
    /// own is their business; it comes in by a merge that is looked at.
    private func newMerges(of head: ObjectID, hiding others: [ObjectID]) throws -> [GitCommit] {
        // The first look at a repository of one branch: what came before is taken for granted.
        guard !others.isEmpty else { return [] }
        var merges: [GitCommit] = []
        try trial.walkFirstParents(from: head, limit: limits.commits) { commit in
            guard try !others.contains(where: { try trial.isAncestor(commit.id, of: $0) }) else { return false }
            if commit.parents.count > 1 { merges.append(commit) }
            return merges.count <= limits.merges
        }
        return merges
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

    private func isThere(_ commit: ObjectID) throws -> Bool {
        do {
            _ = try trial.commit(commit)
            return true
        } catch let error as SluiceError where error.code == "git.object-missing" {
            return false
        }
    }
}
