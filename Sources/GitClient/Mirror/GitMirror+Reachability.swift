import CLibgit2
import Diagnostics

extension GitMirror {
    /// The commit that an object is or, being a tag, names; nil for others.
    public func peeled(_ id: ObjectID) throws -> ObjectID? {
        try Libgit2.peeledCommit(id, in: try repository())
    }

    /// Whether a commit is kept by a branch or a tag, tags of their own included: by some reference below these prefixes.
    ///
    /// What no reference keeps, the host that it came from may throw away any time.
    /// - Throws: `git.object-missing` when the repository has no such commit; `git.reference-broken`.
    public func isKept(
        _ commit: ObjectID, byReferencesUnder prefixes: [String] = ["refs/heads/", "refs/tags/"]
    ) throws -> Bool {
        let repository = try repository()
        var tips: Set<ObjectID> = []
        for prefix in prefixes {
            for target in try references(under: prefix).targets.values {
                if let tip = try Libgit2.peeledCommit(target, in: repository) { tips.insert(tip) }
            }
        }
        if tips.contains(commit) { return true }
        var raw = commit.raw
        let candidates = tips.map(\.raw)
        return try Libgit2.check(
            git_graph_reachable_from_any(repository, &raw, candidates, candidates.count), "looking for \(commit)") == 1
    }
}

extension Libgit2 {
    /// The commit that an object stands for: itself, or what a tag's own object points to. Nil for files and directories.
    static func peeledCommit(_ id: ObjectID, in repository: OpaquePointer) throws -> ObjectID? {
        var raw = id.raw
        return try with(
            "reading \(id)", make: { git_object_lookup(&$0, repository, &raw, GIT_OBJECT_ANY) }, free: git_object_free
        ) { object in
            var peeled: OpaquePointer?
            guard git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) == 0, let peeled else { return nil }
            defer { git_object_free(peeled) }
            return ObjectID(git_object_id(peeled))
        }
    }
}
