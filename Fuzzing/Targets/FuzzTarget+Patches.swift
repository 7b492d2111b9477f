import GitClient
import PatchSeries

extension FuzzTarget {
    /// Patches, as upstreams and packages have them.
    static let patches: [FuzzTarget] = [
        FuzzTarget(name: "patch") { bytes in
            let limits = PatchLimits(bytes: 1 << 20, files: 1_000, hunks: 10_000, fileSize: 1 << 20)
            guard let patch = try? PatchReader(limits: limits).read(bytes) else { return }
            promise(patch.files.count <= limits.files, "files end in a bounded list")
            for file in patch.files {
                let parts = file.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                promise(
                    parts.allSatisfy { !$0.isEmpty && $0.count < bytes.count + 1 }, "a path stays inside of the tree")
                promise(!file.path.hasPrefix("/") && !parts.contains { $0.elementsEqual("..".utf8) }, "no path climbs")
            }
            let source = PatchedFiles(patch)
            guard let applied = try? PatchApplier(limits: limits).apply(patch, to: source) else { return }
            promise(applied.files.count == patch.files.count, "each file has an outcome")
            promise(applied.status.applies || applied.changes.isEmpty, "a patch that does not apply changes nothing")
        }
    ]
}

/// The files that a patch was made for, as far as it says what was in them.
private struct PatchedFiles: FileSource {
    private var files: [String: PatchedFile] = [:]

    init(_ patch: Patch) {
        for file in patch.files where file.change != .created {
            let lines = file.hunks.flatMap(\.before).flatMap(\.self)
            files[file.oldPath] = PatchedFile(mode: file.oldMode ?? .regular, bytes: lines)
        }
    }

    func file(at path: String) -> PatchedFile? { files[path] }
    func isDirectory(_ path: String) -> Bool { false }
    func likelyPlaces(of path: String, content: String?) -> [String] { Array(files.keys.sorted().prefix(20)) }
}
