import CLibgit2
import Diagnostics

extension GitMirror {
    /// Tries things out: merges, reverts and commits that exist in memory alone and are forgotten at the end.
    ///
    /// All of `body` runs on the mirror's own thread, in one go: a walk over many branches costs one hop, not one for each
    /// merge. Objects that are made in it can be read, compared and merged on within it, and their ids are those that git
    /// would give them; nothing is written to the repository.
    public func speculate<Result: Sendable>(_ body: @Sendable (Speculation) throws -> Result) throws -> Result {
        let workshop = try workshop()
        defer { workshop.forget() }
        return try body(Speculation(repository: workshop.repository))
    }
}

extension GitMirror {
    /// As ``speculate(_:)``, but what is made stays: for the one result that a reference shall point at.
    public func make<Result: Sendable>(_ body: @Sendable (Speculation) throws -> Result) throws -> Result {
        try body(Speculation(repository: try repository()))
    }
}

/// A handle of its own on a repository, in which new objects go to memory. It is kept, because its caches are what makes
/// the second merge fast.
final class SpeculativeRepository {
    let repository: OpaquePointer
    private let memory: UnsafeMutablePointer<git_odb_backend>

    init(_ path: String) throws {
        try Libgit2.start()
        var handle: OpaquePointer?
        try Libgit2.check(git_repository_open_bare(&handle, path), "opening \(path)")
        guard let handle else { throw Libgit2.failure(GIT_ERROR.rawValue, "opening \(path)") }
        do {
            memory = try Self.attachMemory(to: handle)
            repository = handle
        } catch {
            git_repository_free(handle)
            throw error
        }
    }

    deinit { git_repository_free(repository) }

    /// Forgets what was made.
    func forget() { git_mempack_reset(memory) }

    /// Above the repository's own files, so that it is asked first to keep something. The database frees it.
    private static func attachMemory(to handle: OpaquePointer) throws -> UnsafeMutablePointer<git_odb_backend> {
        try Libgit2.with(
            "opening the object database", make: { git_repository_odb(&$0, handle) }, free: git_odb_free
        ) { database in
            var memory: UnsafeMutablePointer<git_odb_backend>?
            try Libgit2.check(git_mempack_new(&memory), "making room in memory")
            guard let memory else { throw Libgit2.failure(GIT_ERROR.rawValue, "making room in memory") }
            try Libgit2.check(git_odb_add_backend(database, memory, 999), "making room in memory")
            return memory
        }
    }
}
