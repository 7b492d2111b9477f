import GitClient

/// A merge in a branch's own history.
struct BranchEvent: Hashable, Sendable {
    /// The merge.
    let commit: ObjectID
    /// What the branch was before.
    let before: ObjectID
    /// What was merged into it.
    let merged: ObjectID
    /// What it was for, when its message says so.
    let purpose: ReleaseMessage.Purpose?
    /// The release it was for.
    let release: ReleaseName?
}

/// The merges of a branch, newest first: what was done to it, merge by merge.
struct BranchHistory: Hashable, Sendable {
    let events: [BranchEvent]

    /// - Parameter memory: What is remembered of earlier walks.
    init(of head: ObjectID, in trial: Speculation, remembering memory: BranchMemory? = nil) throws {
        var events: [BranchEvent] = []
        try trial.walkFirstParents(from: head, limit: ReleaseChange.historyLimit) { commit in
            if let known = memory?.events(from: commit.id) {
                events += known
                return false
            }
            if commit.parents.count == 2, let before = commit.parents.first, let merged = commit.parents.last {
                let mark = ReleaseMessage.read(commit.message)
                events.append(
                    BranchEvent(
                        commit: commit.id, before: before, merged: merged, purpose: mark?.purpose,
                        release: mark?.release))
            }
            return true
        }
        memory?.keep(events, from: head)
        self.events = events
    }

    /// The newest merge of a commit.
    func merge(of commit: ObjectID) -> BranchEvent? { events.first { $0.merged == commit } }

    /// The releases that came after a merge and were not taken back since, newest first.
    func releases(after merge: ObjectID) -> [ReleaseName] {
        var gone: Set<ReleaseName> = []
        var found: [ReleaseName] = []
        for event in events.prefix(while: { $0.commit != merge }) {
            guard let release = event.release else { continue }
            switch event.purpose {
            case .rollback: gone.insert(release)
            case .promotion where !gone.contains(release) && !found.contains(release): found.append(release)
            case .promotion, .sync, nil: continue
            }
        }
        return found
    }
}
