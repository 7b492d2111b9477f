import DesiredState
import Diagnostics
import GitClient
import PatchSeries

/// What a series changes in the package's repository: its patches as files, and what makes the package apply them.
struct PackageChange {
    let changes: [TreeChange]

    /// - Parameters:
    ///   - last: The highest number of a patch that is there already: the new ones come behind it, by name too.
    ///   - file: The content of a file of the package as it stands; nil when there is none.
    /// - Throws: `upstream.spec-missing`, `upstream.spec-unreadable`.
    init(
        of patches: [SeriesPatch], placement: PatchPlacement, after last: Int, upstream: String,
        file: (String) throws -> [UInt8]?
    ) throws {
        let names = patches.enumerated().map { index, patch in
            switch placement.naming {
            case .numbered:
                PatchName.file(number: last + index + 1, commit: patch.commit, subject: patch.words.subject)
            case .commit: "\(patch.commit).patch"
            }
        }
        let prefix = placement.prefix
        var changes = zip(names, patches).map { TreeChange(prefix + $0, $1.mail) }
        switch placement.edit {
        case .none: break
        case .rpm(let path, let first):
            guard let bytes = try file(path) else {
                throw SluiceError(
                    "upstream.spec-missing", .stalled, "the package has no file \(path)",
                    hint: "correct spec.patches.edit, or add the file")
            }
            guard var spec = SpecFile(bytes) else {
                throw SluiceError("upstream.spec-unreadable", .stalled, "the spec file \(path) is no text")
            }
            let entry = patches.prefix(Self.entries).map(\.words.subject)
            let more = patches.count > entry.count ? ["and \(patches.count - entry.count) more of \(upstream)"] : []
            spec.add(
                names.map { prefix + $0 }, from: first, entry: entry + more,
                seconds: patches.map(\.seconds).max() ?? 0)
            changes.append(TreeChange(path, spec.bytes))
        case .quilt(let path):
            var list = try file(path) ?? []
            if !list.isEmpty, list.last != 0x0A { list.append(0x0A) }
            // The list names patches from its own folder on.
            let start = placement.seriesPrefix
            let listed =
                prefix.begins(with: start) ? String(Substring(prefix.utf8.dropFirst(start.utf8.count))) : prefix
            for name in names { list += Array("\(listed)\(name)\n".utf8) }
            changes.append(TreeChange(path, list))
        }
        self.changes = changes
    }

    /// How many changes an entry of a changelog names.
    private static let entries = 20
}
