import DesiredState
import Diagnostics
import GitClient
import PatchSeries

/// The patches that a package carries already: what it applies, in that order.
struct CarriedPatches {
    /// One of them.
    struct Carried {
        let name: String
        let patch: Patch
    }

    let patches: [Carried]

    /// How many are looked at, and how large one may be.
    private static let (most, size) = (500, 4 << 20)

    /// The highest number that a file in the folder has, applied or not; 0 when none has one.
    let highestNumber: Int

    /// Reads them. What is no patch is left out: it is the package's own matter.
    init(in tree: ObjectID, _ placement: PatchPlacement, _ trial: Speculation) throws {
        let prefix = placement.prefix
        let files = try trial.entries(inTree: tree).filter { $0.mode == .regular || $0.mode == .executable }
        let folder = files.filter { entry in
            let isDirect = !entry.path.utf8.dropFirst(prefix.utf8.count).contains(UInt8(ascii: "/"))
            return entry.path.begins(with: prefix) && isDirect
                && (entry.path.ends(with: ".patch") || entry.path.ends(with: ".diff"))
        }
        highestNumber =
            folder.compactMap { PatchName.number(of: Substring($0.path.utf8.dropFirst(prefix.utf8.count))) }.max() ?? 0
        let order = try PatchOrder(placement) { try trial.file(at: $0, inTree: tree) }
        patches = order.applied(of: files, folder: folder).prefix(Self.most).compactMap { entry in
            guard let bytes = try? trial.blob(entry.id, limit: Self.size),
                let patch = try? PatchReader().read(bytes, file: entry.path), !patch.files.isEmpty
            else { return nil }
            return Carried(name: entry.path, patch: patch)
        }
    }

    /// A tree with those applied that fit, in the package's order.
    func applied(to tree: ObjectID, in trial: Speculation) throws -> ObjectID {
        try SeriesCheck(of: patches.map(\.patch), on: tree, in: trial, seekingWith: .none).tree
    }

    /// Those that a newer tree has and an older one had not.
    func absorbed(between old: ObjectID, and new: ObjectID, in trial: Speculation) throws -> [String] {
        func isApplied(_ patch: Patch, to tree: ObjectID) throws -> Bool {
            var budget = SearchBudget.none
            let application = try PatchApplier().apply(patch, to: TreeSource(tree, in: trial), seekingWith: &budget)
            return application.status == .alreadyApplied
        }
        return try patches.filter {
            try isApplied($0.patch, to: new) && !isApplied($0.patch, to: old)
        }.map(\.name)
    }
}
