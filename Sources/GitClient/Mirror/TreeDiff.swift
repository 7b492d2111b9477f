import CLibgit2
import Diagnostics
import Glibc

/// Compares two trees.
struct TreeDiff {
    private let repository: OpaquePointer
    private let paths: [String]
    private let limit: Int

    /// - Parameter paths: Literal paths; none for everything.
    init(_ repository: OpaquePointer, _ paths: [String], _ limit: Int) {
        self.repository = repository
        self.paths = paths
        self.limit = limit
    }

    func changes(from old: OpaquePointer?, to new: OpaquePointer) throws -> [FileChange] {
        var options = git_diff_options()
        git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
        options.flags = GIT_DIFF_DISABLE_PATHSPEC_MATCH.rawValue | GIT_DIFF_INCLUDE_TYPECHANGE.rawValue
        return try withStrings(paths) { pathspec in
            options.pathspec = pathspec
            return try Libgit2.with(
                "comparing trees", make: { git_diff_tree_to_tree(&$0, repository, old, new, &options) },
                free: git_diff_free, read)
        }
    }

    private func read(_ diff: OpaquePointer) throws -> [FileChange] {
        guard git_diff_num_deltas(diff) <= limit else {
            throw SluiceError("git.diff-too-large", .stalled, "more than \(limit) files differ")
        }
        var options = git_diff_find_options()
        git_diff_find_options_init(&options, UInt32(GIT_DIFF_FIND_OPTIONS_VERSION))
        options.flags = GIT_DIFF_FIND_RENAMES.rawValue | GIT_DIFF_FIND_EXACT_MATCH_ONLY.rawValue
        try Libgit2.check(git_diff_find_similar(diff, &options), "looking for renames")
        return try (0..<git_diff_num_deltas(diff)).compactMap { index in
            guard let delta = git_diff_get_delta(diff, index)?.pointee else { return nil }
            return try change(delta)
        }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private func change(_ delta: git_diff_delta) throws -> FileChange {
        let (old, new) = (try path(delta.old_file), try path(delta.new_file))
        return switch delta.status {
        case GIT_DELTA_ADDED: FileChange(path: new, status: .added)
        case GIT_DELTA_DELETED: FileChange(path: old, status: .deleted)
        case GIT_DELTA_RENAMED: FileChange(path: new, oldPath: old, status: .renamed)
        case GIT_DELTA_TYPECHANGE: FileChange(path: new, status: .typeChanged)
        default: FileChange(path: new, status: .modified)
        }
    }

    private func path(_ file: git_diff_file) throws -> String {
        guard let bytes = file.path, let path = String(validatingCString: bytes) else {
            throw SluiceError("git.tree-hostile", .stalled, "the repository's tree has a name that is no UTF-8")
        }
        return path
    }

    private func withStrings<R>(_ strings: [String], _ body: (git_strarray) throws -> R) throws -> R {
        var copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return try copies.withUnsafeMutableBufferPointer {
            try body(git_strarray(strings: $0.baseAddress, count: $0.count))
        }
    }
}
