import DesiredState
import Diagnostics
import GitClient

/// The trees of a release that are to be checked, with the files of those that nobody has checked before.
///
/// What merges would give exists in memory only, so its files are read in the same call in which the merges are tried. They
/// may be too many to be held at a time: then the merges are tried again for those that are left.
struct ReleaseContents: Sendable {
    /// A tree that is checked, beside the one that it takes the place of.
    struct Place: Hashable, Sendable {
        /// A branch; nil for the source.
        let branch: String?
        /// What the branch would hold.
        let tree: ObjectID
        /// What it holds; of the source, what the first stage held before it got the release.
        let before: ObjectID?
    }

    let places: [Place]
    /// Reports that are remembered, by tree.
    let known: [ObjectID: TreeReport]
    /// The files of others, or why they cannot be read, by tree.
    let readings: [ObjectID: Result<TreeContents, SluiceError>]

    /// - Parameters:
    ///   - places: What is checked.
    ///   - byteLimit: Once so much is read, no further tree is begun. One is read in any case.
    ///   - known: The report on a tree that was checked before.
    init(
        _ places: [Place], checks: ControlChecks, in trial: Speculation, byteLimit: Int,
        known: (ObjectID) -> TreeReport?
    ) throws {
        var reports: [ObjectID: TreeReport] = [:]
        var readings: [ObjectID: Result<TreeContents, SluiceError>] = [:]
        var bytes = 0
        for tree in places.trees.sorted() {
            if let report = known(tree) {
                reports[tree] = report
                continue
            }
            guard bytes < byteLimit else { break }
            do {
                let files = try TreeContents(of: tree, checks: checks, in: trial)
                readings[tree] = .success(files)
                bytes += files.byteCount
            } catch let error as SluiceError where TreeChecker.refusals.contains(error.code) {
                readings[tree] = .failure(error)
            }
        }
        (self.places, self.known, self.readings) = (places, reports, readings)
    }

    /// Where something is checked: the source, and every branch that would get it.
    static func places(of seen: ReleaseObservation, in trial: Speculation) throws -> [Place] {
        let ground = try ground(of: seen, in: trial)
        let source = seen.origin.map { [Place(branch: nil, tree: $0.tree, before: ground)] } ?? []
        let branches = try (seen.rehearsal?.branches ?? []).compactMap { found -> Place? in
            guard let tried = found.trial, tried.verdict != .nothingToDo, let result = tried.result else { return nil }
            return Place(branch: found.branch, tree: result, before: try trial.tree(of: tried.head))
        }
        return source + branches
    }

    /// What the source is compared with in every step: once the first stage has the release, what it holds now says nothing of
    /// what the release has brought.
    private static func ground(of seen: ReleaseObservation, in trial: Speculation) throws -> ObjectID? {
        guard let stage = seen.walk.stages.first else { return nil }
        let before = try seen.walk.merges[stage].flatMap { try trial.commit($0).parents.first }
        return try (before ?? seen.walk.heads[stage]).map { try trial.tree(of: $0) }
    }
}

extension [ReleaseContents.Place] {
    /// The trees, each once.
    var trees: Set<ObjectID> { Set(flatMap { [$0.tree, $0.before].compactMap(\.self) }) }
}
