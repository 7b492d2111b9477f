import CLibgit2
import Diagnostics
import Glibc

/// How much may differ between two trees whose difference is written out.
public struct DiffLimits: Hashable, Sendable {
    /// The most files.
    public var files: Int
    /// The most bytes of all files that differ, on both sides together.
    public var bytes: Int
    /// With more files than this, only those that moved unchanged are recognised: similar ones are sought in pairs.
    public var similarFiles: Int

    /// Makes limits; those not given are generous ones.
    public init(files: Int = 20_000, bytes: Int = 128 << 20, similarFiles: Int = 1_000) {
        self.files = files
        self.bytes = bytes
        self.similarFiles = similarFiles
    }
}

extension Speculation {
    /// The difference of two trees as `git diff --binary --full-index -M` writes it, as bytes; empty when there is none.
    ///
    /// Nothing from outside of the two trees has a part in it: the same trees give the same bytes.
    /// - Parameter old: The older tree; nil for an empty one.
    /// - Throws: `git.diff-too-large`; `git.object-missing`.
    public func patch(from old: ObjectID?, to new: ObjectID, limits: DiffLimits = DiffLimits()) throws -> [UInt8] {
        guard old != new else { return [] }
        return try Libgit2.withTree(new, in: repository) { new in
            guard let old else { return try patch(from: nil as OpaquePointer?, to: new, limits) }
            return try Libgit2.withTree(old, in: repository) { try patch(from: $0, to: new, limits) }
        }
    }

    /// What the author of a commit wrote, as bytes.
    /// - Throws: `git.object-missing`; `git.repository-unreadable` when the commit has no author.
    public func text(of commit: ObjectID) throws -> CommitText {
        try Libgit2.withCommit(commit, in: repository) { handle in
            guard let author = git_commit_author(handle)?.pointee else {
                throw Libgit2.failure(GIT_ERROR.rawValue, "reading the author of \(commit)")
            }
            return CommitText(
                authorName: bytes(author.name), authorEmail: bytes(author.email), seconds: author.when.time,
                offset: Int(author.when.offset), message: bytes(git_commit_message(handle)),
                encoding: git_commit_message_encoding(handle).map { String(cString: $0) })
        }
    }

    private func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
        guard let text else { return [] }
        return UnsafeRawBufferPointer(start: text, count: strlen(text)).map { $0 }
    }

    private func patch(
        from old: OpaquePointer?, to new: OpaquePointer, _ limits: DiffLimits
    ) throws -> [UInt8] {
        var options = git_diff_options()
        git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
        options.flags = GIT_DIFF_SHOW_BINARY.rawValue
        options.id_abbrev = 40
        return try Libgit2.with(
            "comparing trees", make: { git_diff_tree_to_tree(&$0, repository, old, new, &options) },
            free: git_diff_free
        ) { diff in
            try checkSize(of: diff, limits)
            try findRenames(in: diff, limits)
            var buffer = git_buf()
            defer { git_buf_dispose(&buffer) }
            try Libgit2.check(git_diff_to_buf(&buffer, diff, GIT_DIFF_FORMAT_PATCH), "writing a difference")
            guard let start = buffer.ptr else { return [] }
            let bytes = Array(UnsafeRawBufferPointer(start: start, count: buffer.size))
            return hasUnchangedRename(diff) ? withoutUnchangedBinaries(bytes) : bytes
        }
    }

    private func hasUnchangedRename(_ diff: OpaquePointer) -> Bool {
        (0..<git_diff_num_deltas(diff)).contains { index in
            guard let delta = git_diff_get_delta(diff, index)?.pointee, delta.status == GIT_DELTA_RENAMED else {
                return false
            }
            return ObjectID(delta.old_file.id) == ObjectID(delta.new_file.id)
        }
    }

    /// Without what libgit2 says below a binary file that moved as it is: that it differs. It does not, and git takes no such
    /// patch. A line of a file never begins like one of a header: a sign stands in front of it.
    private func withoutUnchangedBinaries(_ patch: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(patch.count)
        var isBelowRename = false
        var rest = patch[...]
        while let first = rest.first {
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[end...]
            // Only these begin with letters that matter: B and r.
            if first == 0x42, isBelowRename, line.starts(with: "Binary files ".utf8) { continue }
            isBelowRename = first == 0x72 && line.starts(with: "rename to ".utf8)
            result += line
        }
        return result
    }

    /// Adds up what has to be read, before it is.
    private func checkSize(of diff: OpaquePointer, _ limits: DiffLimits) throws {
        let count = git_diff_num_deltas(diff)
        guard count <= limits.files else {
            throw SluiceError("git.diff-too-large", .stalled, "more than \(limits.files) files differ")
        }
        var total = 0
        for index in 0..<count {
            guard let delta = git_diff_get_delta(diff, index)?.pointee else { continue }
            for side in [delta.old_file, delta.new_file] where UInt32(side.mode) != GIT_FILEMODE_COMMIT.rawValue {
                guard let id = ObjectID(side.id) else { continue }
                total += try Libgit2.size(of: id, in: repository)
                guard total <= limits.bytes else {
                    throw SluiceError(
                        "git.diff-too-large", .stalled, "the files that differ have more than \(limits.bytes) bytes")
                }
            }
        }
    }

    private func findRenames(in diff: OpaquePointer, _ limits: DiffLimits) throws {
        var options = git_diff_find_options()
        git_diff_find_options_init(&options, UInt32(GIT_DIFF_FIND_OPTIONS_VERSION))
        options.flags = GIT_DIFF_FIND_RENAMES.rawValue
        options.rename_limit = limits.files
        if git_diff_num_deltas(diff) > limits.similarFiles {
            options.flags |= GIT_DIFF_FIND_EXACT_MATCH_ONLY.rawValue
        }
        try Libgit2.check(git_diff_find_similar(diff, &options), "looking for renames")
    }
}
