import CLibgit2
import Diagnostics
import Foundation

extension GitMirror {
    /// Makes the commit that merges `theirs` into `ours`. Nothing points at it until a reference is moved.
    ///
    /// The merge is made in memory, with renames found, and is a commit with two parents even where `ours` could simply be
    /// moved forward.
    /// - Throws: `git.merge-conflict`, stalled, with the number of files, when both sides changed the same lines;
    ///   `git.object-missing`.
    public func mergeCommit(
        of ours: ObjectID, with theirs: ObjectID, message: String, by author: GitSignature
    ) throws -> ObjectID {
        let repository = try repository()
        return try Libgit2.withCommit(ours, in: repository) { our in
            try Libgit2.withCommit(theirs, in: repository) { their in
                let tree = try Self.mergedTree(our, their, in: repository)
                return try Libgit2.makeCommit(
                    tree: tree, parents: [ours, theirs], message: message, by: author, in: repository)
            }
        }
    }

    /// Makes a commit of a tree and parents that are in the repository. Nothing points at it until a reference is moved.
    ///
    /// The same arguments give the same commit: one that is there already is left as it is.
    /// - Throws: `git.object-missing`.
    public func makeCommit(
        tree: ObjectID, parents: [ObjectID], message: String, by author: GitSignature
    ) throws -> ObjectID {
        try Libgit2.makeCommit(tree: tree, parents: parents, message: message, by: author, in: try repository())
    }

    private static func mergedTree(
        _ ours: OpaquePointer, _ theirs: OpaquePointer, in repository: OpaquePointer
    ) throws -> ObjectID {
        try Libgit2.with(
            "merging two commits", make: { git_merge_commits(&$0, repository, ours, theirs, nil) },
            free: git_index_free
        ) { index in
            guard git_index_has_conflicts(index) == 0 else {
                throw SluiceError(
                    "git.merge-conflict", .stalled, "the two branches change the same lines",
                    hint: "merge them by hand, or rebase the change")
            }
            var tree = git_oid()
            try Libgit2.check(git_index_write_tree_to(&tree, index, repository), "writing a merged tree")
            guard let id = ObjectID(tree) else { throw Libgit2.failure(GIT_ERROR.rawValue, "writing a merged tree") }
            return id
        }
    }

    /// The branch that `HEAD` names, whether it exists or not; nil when `HEAD` names a commit.
    public func defaultBranch() throws -> RefName? {
        let repository = try repository()
        return try Libgit2.with(
            "reading HEAD", make: { git_reference_lookup(&$0, repository, "HEAD") }, free: git_reference_free
        ) { head in
            guard let name = git_reference_symbolic_target(head) else { return nil }
            return try RefName(String(cString: name))
        }
    }
}

extension Libgit2 {
    /// A signature as the library takes it.
    static func withSignature<R>(
        _ author: GitSignature, _ body: (UnsafePointer<git_signature>) throws -> R
    ) throws -> R {
        var signature: UnsafeMutablePointer<git_signature>?
        let seconds = git_time_t(author.date.timeIntervalSince1970)
        try check(git_signature_new(&signature, author.name, author.email, seconds, 0), "signing")
        guard let signature else { throw failure(GIT_ERROR.rawValue, "signing") }
        defer { git_signature_free(signature) }
        return try body(signature)
    }
}

extension ObjectID {
    /// The id that git would give this content; nothing is written.
    public init(ofBlob bytes: [UInt8]) throws {
        try Libgit2.start()
        var raw = git_oid()
        try Libgit2.check(git_odb_hash(&raw, bytes, bytes.count, GIT_OBJECT_BLOB), "naming content")
        guard let id = ObjectID(raw) else { throw Libgit2.failure(GIT_ERROR.rawValue, "naming content") }
        self = id
    }
}
