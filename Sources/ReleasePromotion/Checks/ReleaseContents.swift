import DesiredState
import Diagnostics
import GitClient

/// The trees of a release that are to be checked, with the files of those that nobody has checked before.
///
/// What merges would give exists in memory only, so its files are read in the same call in which the merges are tried.
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
    /// The files, by tree.
    let contents: [ObjectID: TreeContents]
    /// Why the files of a tree could not be read, by tree.
    let refusals: [ObjectID: SluiceError]

    /// The most bytes of files that are read in one go. Trees beyond that come the next time.
    private static let byteLimit = 128 << 20

    /// - Parameter isKnown: Whether a tree was checked before.
    init(
        of seen: ReleaseObservation, in trial: Speculation, isKnown: (ObjectID) -> Bool
    ) throws {
        let places = try Self.places(of: seen, in: trial)
        var contents: [ObjectID: TreeContents] = [:]
        var refusals: [ObjectID: SluiceError] = [:]
        var bytes = 0
        for tree in Set(places.flatMap { [$0.tree, $0.before].compactMap(\.self) }).sorted() where !isKnown(tree) {
            guard bytes < Self.byteLimit else { break }
            do {
                let files = try TreeContents(of: tree, checks: seen.rules.checks, in: trial)
                contents[tree] = files
                bytes += files.byteCount
            } catch let error as SluiceError where TreeChecker.refusals.contains(error.code) {
                refusals[tree] = error
            }
        }
        (self.places, self.contents, self.refusals) = (places, contents, refusals)
    }

    private static func places(of seen: ReleaseObservation, in trial: Speculation) throws -> [Place] {
        let stage = try seen.walk.stages.first.flatMap { seen.walk.heads[$0] }.map { try trial.tree(of: $0) }
        let source = seen.origin.map { [Place(branch: nil, tree: $0.tree, before: stage)] } ?? []
        let branches = try (seen.rehearsal?.branches ?? []).compactMap { found -> Place? in
            guard let tried = found.trial, tried.verdict != .nothingToDo, let result = tried.result else { return nil }
            return Place(branch: found.branch, tree: result, before: try trial.tree(of: tried.head))
        }
        return source + branches
    }
}
