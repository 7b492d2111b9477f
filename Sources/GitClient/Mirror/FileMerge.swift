import CLibgit2

/// A three-way merge of lists of files.
struct FileMerge {
    let base: [GitFile]
    let ours: [GitFile]
    let theirs: [GitFile]

    /// The most bytes of a file whose lines are merged.
    private static let textLimit = 4 << 20

    /// Paths are told apart by their bytes, as git does.
    private typealias Files = [[UInt8]: GitFile]

    func result() throws -> MergedFiles {
        let (base, ours, theirs) = (Self.byPath(base), Self.byPath(ours), Self.byPath(theirs))
        var merged: [GitFile] = []
        var conflicts: [String] = []
        for path in Set(ours.keys).union(theirs.keys).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            try Task.checkCancellation()
            let (old, our, their) = (base[path], ours[path], theirs[path])
            if Self.isSame(our, their) || Self.isSame(old, their) {
                if let our { merged.append(our) }
            } else if Self.isSame(old, our) {
                if let their { merged.append(their) }
            } else if let our, let their, let file = try Self.merge(old, our, their) {
                merged.append(file)
            } else {
                conflicts.append(String(decoding: path, as: UTF8.self))
            }
        }
        return conflicts.isEmpty ? .merged(merged) : .conflicts(conflicts)
    }

    private static func byPath(_ files: [GitFile]) -> Files {
        Dictionary(files.map { (Array($0.path.utf8), $0) }) { first, _ in first }
    }

    private static func isSame(_ one: GitFile?, _ other: GitFile?) -> Bool {
        one?.id == other?.id && one?.mode == other?.mode
    }

    /// Both sides changed the file: its lines are merged, when it has lines and the changes do not touch.
    private static func merge(_ old: GitFile?, _ our: GitFile, _ their: GitFile) throws -> GitFile? {
        let sides = [our, their] + (old.map { [$0] } ?? [])
        guard let old, our.mode == their.mode,
            sides.allSatisfy({ [.regular, .executable].contains($0.mode) && $0.bytes.count <= textLimit })
        else { return nil }
        guard let bytes = try lines(old.bytes, our.bytes, their.bytes) else { return nil }
        return GitFile(path: our.path, mode: our.mode, id: try ObjectID(ofBlob: bytes), bytes: bytes)
    }

    private static func lines(_ old: [UInt8], _ our: [UInt8], _ their: [UInt8]) throws -> [UInt8]? {
        var options = git_merge_file_options()
        try Libgit2.check(
            git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION)), "preparing a merge")
        var result = git_merge_file_result()
        defer { git_merge_file_result_free(&result) }
        let status = withInput(old) { old in
            withInput(our) { our in withInput(their) { their in git_merge_file(&result, old, our, their, &options) } }
        }
        try Libgit2.check(status, "merging a file")
        guard result.automergeable != 0 else { return nil }
        guard let start = result.ptr else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: result.len))
    }

    private static func withInput<R>(
        _ bytes: [UInt8], _ body: (UnsafePointer<git_merge_file_input>) -> R
    ) -> R {
        bytes.withUnsafeBytes { buffer in
            var input = git_merge_file_input()
            git_merge_file_input_init(&input, UInt32(GIT_MERGE_FILE_INPUT_VERSION))
            input.ptr = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            input.size = buffer.count
            return body(&input)
        }
    }
}
