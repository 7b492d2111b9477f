import CLibgit2
import Diagnostics

extension GitMirror {
    /// Sees the objects in a directory too, as git's hooks find what is pushed in a quarantine beside the repository's own.
    /// The repository itself is not changed by that.
    /// - Throws: `git.repository-unreadable` when they cannot be read.
    public func see(objectsIn directory: String) throws {
        let repository = try repository()
        let _: Void = try Libgit2.with(
            "opening the object database", make: { git_repository_odb(&$0, repository) }, free: git_odb_free
        ) { database in
            try Libgit2.check(git_odb_add_disk_alternate(database, directory), "adding the objects in \(directory)")
        }
    }
}
