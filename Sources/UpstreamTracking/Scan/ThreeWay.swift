import GitClient
import PatchSeries

/// What upstream's own files say of patches that do not fit as text: whether a merge of three, as `git cherry-pick` makes it,
/// takes them without a conflict.
struct ThreeWay {
    /// A file before and after a commit of upstream.
    struct Sides: Sendable {
        let path: String
        let before: [UInt8]
        let after: [UInt8]
    }

    /// How many patches are tried: what fails so often is another history.
    private static let limit = 50

    /// The sides of the files in which patches do not fit, by the place of the patch; none where a file is not just changed.
    static func sides(
        of patches: [SeriesPatch], _ check: SeriesCheck, since cursor: ObjectID, isSquashed: Bool,
        in upstream: Speculation
    ) throws -> [Int: [Sides]] {
        var found: [Int: [Sides]] = [:]
        for (index, (patch, step)) in zip(patches, check.steps).enumerated() where found.count < limit {
            let failing = step.application.files.filter { $0.status == .conflict }
            guard !failing.isEmpty, failing.allSatisfy({ $0.problem == .hunks || $0.problem == .partlyApplied }) else {
                continue
            }
            let commit = try upstream.commit(patch.commit)
            guard let base = isSquashed ? cursor : commit.parents.first else { continue }
            let old = try upstream.tree(of: base)
            let sides = try failing.compactMap { file -> Sides? in
                guard let before = try upstream.file(at: file.path, inTree: old),
                    let after = try upstream.file(at: file.path, inTree: commit.tree)
                else { return nil }
                return Sides(path: file.path, before: before, after: after)
            }
            if sides.count == failing.count { found[index] = sides }
        }
        return found
    }

    /// The places of the patches whose files merge without a conflict, each with the package's files as it met them.
    static func merging(_ sides: [Int: [Sides]], _ check: SeriesCheck, in package: Speculation) throws -> Set<Int> {
        var merging: Set<Int> = []
        for (index, files) in sides where check.steps.indices.contains(index) {
            let standing = check.steps[index].tree
            let before = try package.makeTree(standing, changing: files.map { TreeChange($0.path, $0.before) })
            let after = try package.makeTree(standing, changing: files.map { TreeChange($0.path, $0.after) })
            if try package.apply(from: before, to: after, onto: standing).tree != nil { merging.insert(index) }
        }
        return merging
    }
}
