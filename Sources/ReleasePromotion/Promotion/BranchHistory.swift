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

    /// The merges of releases that were not taken back since, newest first, as far back as a condition holds.
    func promotions(while isLater: (BranchEvent) throws -> Bool) rethrows -> [BranchEvent] {
        var gone: Set<ReleaseName> = []
        return try events.prefix(while: isLater).filter { event in
            guard let release = event.release else { return false }
            if event.purpose == .rollback { gone.insert(release) }
            return event.purpose == .promotion && !gone.contains(release)
        }
    }
}
