import CLibgit2
import Diagnostics

extension GitMirror {
    /// The top of the work tree, with symbolic links resolved; nil for a bare repository.
    public func workTree() throws -> String? {
        git_repository_workdir(try repository()).map { String(cString: $0) }
    }

    /// The commit that a person means by `origin/master`, `v1.2`, `HEAD~2` or the digits of an id; nil when there is none.
    public func commit(named revision: String) throws -> ObjectID? {
        try Libgit2.commit(named: revision, in: try repository())
    }
}

extension Libgit2 {
    /// The commit of a revision in git's own notation.
    fileprivate static func commit(named revision: String, in repository: OpaquePointer) throws -> ObjectID? {
        var named: OpaquePointer?
        let status = git_revparse_single(&named, repository, revision)
        if [GIT_ENOTFOUND.rawValue, GIT_EINVALIDSPEC.rawValue, GIT_EAMBIGUOUS.rawValue].contains(status) { return nil }
        try check(status, "looking up a revision")
        defer { git_object_free(named) }
        var commit: OpaquePointer?
        guard git_object_peel(&commit, named, GIT_OBJECT_COMMIT) == GIT_OK.rawValue else { return nil }
        defer { git_object_free(commit) }
        return ObjectID(git_object_id(commit))
    }
}
