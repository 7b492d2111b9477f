import DesiredState
import GitClient

/// The merges of a release that say so, branch by branch, and where they lead back to.
///
/// A name in a message alone proves nothing: anybody can write it, and names are used again. A merge is the release's when
/// the commits that it brought lead to what the release is: what its source holds, what people approved, or what the
/// controller said of it before. Each branch is read by itself, so that one that was set back hides nothing on the others.
struct ReleaseTrail {
    /// The newest merge that is the release's, by branch.
    let merges: [String: ObjectID]
    /// The commit that was released; nil when nothing is merged that says so.
    let origin: ObjectID?
    /// The merge by which it came into the first branch, whether that still has it or not.
    let entry: ObjectID?
    /// Branches with merges of this name that lead to something else, and with none that is the release's.
    let strangers: [String]

    /// - Parameters:
    ///   - source: What the source branch holds.
    ///   - known: What the controller said before that is released.
    init(
        of release: ReleaseName, _ spec: ReleaseSpec, stages: [String], in histories: [String: BranchHistory],
        source: ObjectID?, known: ObjectID?, _ trial: Speculation
    ) throws {
        let candidates = [known, source].compactMap(\.self)
        let approved = Set(spec.approvals.map(\.tree))
        var (merges, strangers): ([String: ObjectID], [String]) = ([:], [])
        var (origin, entry): (ObjectID?, ObjectID?)
        let zones = histories.keys.filter { !stages.contains($0) }.sorted()
        for branch in stages + zones {
            let marked = histories[branch]?.events.filter { $0.purpose == .promotion && $0.release == release } ?? []
            for event in marked {
                let beginning = try Self.beginning(of: event, stages: stages.count, trial) { commit in
                    if candidates.contains(commit.id) { return false }
                    guard let mark = ReleaseMessage.read(commit.message) else {
                        // What somebody merged into a stage by hand leads to the release as well.
                        return stages.contains { histories[$0]?.events.contains { $0.commit == commit.id } ?? false }
                    }
                    return mark.purpose == .promotion && mark.release == release
                }
                let isExact =
                    try candidates.contains(beginning.origin)
                    || approved.contains(trial.tree(of: beginning.origin).hex)
                let contained =
                    try isExact ? nil : candidates.first { try trial.isAncestor($0, of: event.merged) }
                guard isExact || contained != nil else { continue }
                merges[branch] = event.commit
                // What leads there merge by merge tells more than what merely holds it.
                if isExact, entry == nil { (origin, entry) = (beginning.origin, beginning.entry) }
                origin = origin ?? contained
                break
            }
            if merges[branch] == nil, !marked.isEmpty { strangers.append(branch) }
        }
        (self.merges, self.origin, self.entry, self.strangers) = (merges, origin, entry, strangers)
    }

    /// Goes back from a merge through those that it was carried on by.
    private static func beginning(
        of event: BranchEvent, stages: Int, _ trial: Speculation, through isStep: (GitCommit) -> Bool
    ) throws -> (entry: ObjectID, origin: ObjectID) {
        var (entry, origin) = (event.commit, event.merged)
        for _ in 0...stages {
            let commit = try trial.commit(origin)
            guard commit.parents.count == 2, let merged = commit.parents.last, isStep(commit) else { break }
            (entry, origin) = (origin, merged)
        }
        return (entry, origin)
    }
}
