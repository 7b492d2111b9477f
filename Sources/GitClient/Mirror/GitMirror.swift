import CLibgit2
import Diagnostics
import ThreadExecution

/// One bare repository on this machine, read and written through libgit2.
///
/// This module makes git safe: content comes from the object database and nothing is ever checked out, every read is
/// limited, names obey git's grammar, references move by compare-and-swap only, and the network is left to
/// ``GitTransport``, whose child processes can be stopped. It knows nothing of forges, candidates or changelogs.
///
/// An object of libgit2 serves one thread at a time and its calls block, so each mirror is an actor with a thread of its
/// own. Methods have no `await` inside and never interleave. Opening the same path several times is fine: what others
/// fetch, pack or push into the repository is seen.
///
/// ## Topics
/// ### Opening
/// - ``open(_:)``, ``open(checkedOutAt:)``, ``create(_:)``
/// ### References
/// - ``resolve(_:)``, ``references(under:)``, ``update(_:)``
/// ### Content
/// - ``commit(_:)``, ``treeID(of:at:)``, ``files(in:under:limits:)``, ``blob(_:limit:)``
/// ### History
/// - ``mergeBase(_:_:)``, ``isAncestor(_:of:)``, ``commits(after:through:limit:)``, ``changes(from:to:under:limit:)``
/// ### Merging
/// - ``mergedFiles(of:with:from:under:limits:)``, ``mergeCommit(of:with:message:by:)``
/// ### Trying out
/// - ``speculate(_:)``, ``makeCommit(tree:parents:message:by:)``
/// ### Notes
/// - ``note(on:in:)``, ``setNote(_:on:in:replacing:by:holding:)``
public actor GitMirror {
    /// The repository's directory.
    public nonisolated let path: String

    private nonisolated let executor: ThreadExecutor
    // Only touched on the executor's thread, and by `deinit` when nothing else can.
    private nonisolated(unsafe) var handle: OpaquePointer?
    private nonisolated(unsafe) var speculation: SpeculativeRepository?

    /// The mirror's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init(path: String) {
        self.path = path
        executor = ThreadExecutor(name: "git mirror")
    }

    deinit {
        if let handle { git_repository_free(handle) }
        executor.stop()
    }

    /// Opens an existing bare repository.
    /// - Throws: `git.repository-missing` when there is none at `path`; `git.repository-unreadable`.
    public static func open(_ path: String) async throws -> GitMirror {
        let mirror = GitMirror(path: path)
        try await mirror.openHandle()
        return mirror
    }

    /// Opens the bare repository at `path`, and makes an empty one there first if need be, parent directories included.
    /// - Throws: `git.repository-unreadable` when there is something else, or the directory cannot be written.
    public static func create(_ path: String) async throws -> GitMirror {
        let mirror = GitMirror(path: path)
        try await mirror.createHandle()
        return mirror
    }

    /// Opens the repository that a directory is checked out from, at whatever depth of its work tree.
    /// - Throws: `git.repository-missing` when there is none; `git.repository-unreadable`.
    public static func open(checkedOutAt directory: String) async throws -> GitMirror {
        let mirror = GitMirror(path: directory)
        try await mirror.openHandle(isCheckout: true)
        return mirror
    }

    private func openHandle(isCheckout: Bool = false) throws {
        try Libgit2.start()
        let status =
            isCheckout
            ? git_repository_open_ext(&handle, path, 0, nil) : git_repository_open_bare(&handle, path)
        guard status != GIT_ENOTFOUND.rawValue else {
            throw SluiceError(
                "git.repository-missing", .stalled, "there is no git repository where one is expected",
                detail: "\(path): \(Libgit2.lastMessage())")
        }
        try Libgit2.check(status, "opening \(path)")
    }

    private func createHandle() throws {
        try Libgit2.start()
        try Libgit2.check(git_repository_init(&handle, path, 1), "creating \(path)")
    }

    /// The open repository, for the extensions of this type.
    func repository() throws -> OpaquePointer {
        guard let handle else {
            throw SluiceError("git.repository-missing", .stalled, "the repository is not open", detail: path)
        }
        return handle
    }

    /// The repository's handle for what is only tried out, opened when it is first needed.
    func workshop() throws -> SpeculativeRepository {
        if let speculation { return speculation }
        _ = try repository()
        let opened = try SpeculativeRepository(path)
        speculation = opened
        return opened
    }
}
