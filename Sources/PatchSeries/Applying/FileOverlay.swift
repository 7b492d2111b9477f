/// The files while one patch is applied to them: a file that an earlier part has changed is seen as it left it, except
/// where something moves, which happens to the files as they were.
struct FileOverlay<Source: FileSource> {
    let source: Source
    /// By the bytes of the path: git tells apart what Swift's strings take for the same.
    private var results: [[UInt8]: (path: String, file: PatchedFile?)] = [:]
    /// What some part of the patch takes away.
    private let leaving: Set<[UInt8]>

    init(source: Source, patch: Patch) {
        self.source = source
        leaving = Set(
            patch.files.filter { $0.change == .deleted || $0.change == .renamed }.map { Array($0.oldPath.utf8) })
    }

    /// The file that a part of the patch begins with.
    func before(_ part: FilePatch) throws -> PatchedFile? {
        if part.change != .renamed, part.change != .copied, let known = results[Array(part.oldPath.utf8)] {
            return known.file
        }
        return try source.file(at: part.oldPath)
    }

    /// Whether an earlier part has taken the file away.
    func isGone(_ path: String) -> Bool {
        guard let known = results[Array(path.utf8)] else { return false }
        return known.file == nil
    }

    /// What stands where a part of the patch makes a file; nil when the place is free or will be.
    func obstacle(at path: String) throws -> PatchedFile? {
        let key = Array(path.utf8)
        if let known = results[key], let file = known.file { return file }
        if leaving.contains(key) { return nil }
        return try source.file(at: path)
    }

    mutating func put(_ file: PatchedFile?, at path: String) {
        // What has arrived before stays when the file that stood there leaves afterwards.
        if file == nil, let known = results[Array(path.utf8)], known.file != nil { return }
        results[Array(path.utf8)] = (path, file)
    }

    var changes: [(path: String, file: PatchedFile?)] {
        results.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }
}
