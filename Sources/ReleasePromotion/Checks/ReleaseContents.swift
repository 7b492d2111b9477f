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
        /// What it holds; of the source, what the first stage holds.
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
        let stage = try seen.walk.stages.first.flatMap { seen.walk.heads[$0] }.map { try trial.tree(of: $0) }
        let source = seen.origin.map { [Place(branch: nil, tree: $0.tree, before: stage)] } ?? []
        let branches = try (seen.rehearsal?.branches ?? []).compactMap { found -> Place? in
            guard let tried = found.trial, tried.verdict != .nothingToDo, let result = tried.result else { return nil }
            return Place(branch: found.branch, tree: result, before: try trial.tree(of: tried.head))
        }
        return source + branches
    }
}

extension [ReleaseContents.Place] {
    /// The trees, each once.
    var trees: Set<ObjectID> { Set(flatMap { [$0.tree, $0.before].compactMap(\.self) }) }
}
