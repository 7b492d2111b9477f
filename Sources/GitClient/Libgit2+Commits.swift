import CLibgit2
import Diagnostics
import Foundation

extension Libgit2 {
    /// Reads a commit.
    static func commit(_ id: ObjectID, in repository: OpaquePointer) throws -> GitCommit {
        try withCommit(id, in: repository) { commit in
            guard let tree = ObjectID(git_commit_tree_id(commit)) else {
                throw failure(GIT_ERROR.rawValue, "reading commit \(id)")
            }
            let parents = (0..<git_commit_parentcount(commit)).compactMap { ObjectID(git_commit_parent_id(commit, $0)) }
            return GitCommit(
                id: id, tree: tree, parents: parents, author: GitSignature(git_commit_author(commit)),
                committer: GitSignature(git_commit_committer(commit)),
                message: git_commit_message(commit).map { String(cString: $0) } ?? "")
        }
    }

    /// Makes a commit to which no reference points.
    static func makeCommit(
        tree: ObjectID, parents: [ObjectID], message: String, by author: GitSignature, in repository: OpaquePointer
    ) throws -> ObjectID {
        var handles: [OpaquePointer?] = []
        defer { handles.forEach(git_commit_free) }
        for parent in parents {
            var handle: OpaquePointer?
            var raw = parent.raw
            try check(git_commit_lookup(&handle, repository, &raw), "reading commit \(parent)")
            handles.append(handle)
        }
        return try withTree(tree, in: repository) { tree in
            try withSignature(author) { signature in
                var made = git_oid()
                try check(
                    git_commit_create(
                        &made, repository, nil, signature, signature, "UTF-8", message, tree, handles.count, &handles),
                    "writing a commit")
                guard let id = ObjectID(made) else { throw failure(GIT_ERROR.rawValue, "writing a commit") }
                return id
            }
        }
    }

    /// The commits that `newest` contains and `hidden` do not, children before their parents.
    static func commits(
        through newest: ObjectID, hiding hidden: [ObjectID], limit: Int, in repository: OpaquePointer
    ) throws -> [GitCommit] {
        try ids(through: newest, hiding: hidden, limit: limit, in: repository).map { try commit($0, in: repository) }
    }

    /// The ids of these commits.
    /// - Parameter firstParentsOnly: Whether of a merge only the first parent is gone to. What `hidden` contain is hidden
    ///   whatever way it came there.
    static func ids(
        through newest: ObjectID, hiding hidden: [ObjectID], firstParentsOnly: Bool = false, limit: Int,
        in repository: OpaquePointer
    ) throws -> [ObjectID] {
        try with("walking history", make: { git_revwalk_new(&$0, repository) }, free: git_revwalk_free) { walk in
            if firstParentsOnly { git_revwalk_simplify_first_parent(walk) }
            git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue)
            var start = newest.raw
            try check(git_revwalk_push(walk, &start), "walking from \(newest)")
            for id in hidden {
                var end = id.raw
                try check(git_revwalk_hide(walk, &end), "walking from \(newest)")
            }
            var ids: [ObjectID] = []
            var next = git_oid()
            while true {
                let status = git_revwalk_next(&next, walk)
                if status == GIT_ITEROVER.rawValue { return ids }
                try check(status, "walking from \(newest)")
                guard let id = ObjectID(next), ids.count < limit else {
                    throw SluiceError(
                        "git.history-too-long", .stalled, "there are more than \(limit) commits to look at",
                        detail: "from \(newest)")
                }
                ids.append(id)
            }
        }
    }
}

extension GitSignature {
    /// libgit2's signature; empty when a broken commit has none.
    fileprivate init(_ pointer: UnsafePointer<git_signature>?) {
        guard let signature = pointer?.pointee else {
            self.init(name: "", email: "", date: Date(timeIntervalSince1970: 0))
            return
        }
        self.init(
            name: signature.name.map { String(cString: $0) } ?? "",
            email: signature.email.map { String(cString: $0) } ?? "",
            date: Date(timeIntervalSince1970: TimeInterval(signature.when.time)))
    }
}
