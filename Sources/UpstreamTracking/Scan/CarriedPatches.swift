import Diagnostics
import GitClient
import PatchSeries

/// The patches that a package carries already: what stands in its folder of patches.
struct CarriedPatches {
    /// One of them.
    struct Carried {
        let name: String
        let patch: Patch
    }

    let patches: [Carried]

    /// How many are looked at, and how large one may be.
    private static let (most, size) = (500, 4 << 20)

    /// Reads them. What is no patch is left out: it is the package's own matter.
    init(in tree: ObjectID, folder: String?, _ trial: Speculation) throws {
        let prefix = folder.map { "\($0)/" } ?? ""
        let entries = try trial.entries(inTree: tree).filter { entry in
            let isOurs = entry.path.utf8.starts(with: prefix.utf8)
            let isDirect = !entry.path.dropFirst(prefix.count).contains("/")
            return isOurs && isDirect && (entry.path.hasSuffix(".patch") || entry.path.hasSuffix(".diff"))
                && (entry.mode == .regular || entry.mode == .executable)
        }
        patches = entries.prefix(Self.most).compactMap { entry in
            guard let bytes = try? trial.blob(entry.id, limit: Self.size),
                let patch = try? PatchReader().read(bytes, file: entry.path), !patch.files.isEmpty
            else { return nil }
            return Carried(name: entry.path, patch: patch)
        }
    }

    /// A tree with those applied that fit, in the order of their names.
    func applied(to tree: ObjectID, in trial: Speculation) throws -> ObjectID {
        try SeriesCheck(of: patches.map(\.patch), on: tree, in: trial).tree
    }

    /// Those that a newer tree has and an older one had not.
    func absorbed(between old: ObjectID, and new: ObjectID, in trial: Speculation) throws -> [String] {
        func isApplied(_ patch: Patch, to tree: ObjectID) throws -> Bool {
            try PatchApplier().apply(patch, to: TreeSource(tree, in: trial)).status == .alreadyApplied
        }
        return try patches.filter {
            try isApplied($0.patch, to: new) && !isApplied($0.patch, to: old)
        }.map(\.name)
    }
}
