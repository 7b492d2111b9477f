import CLibgit2
import Diagnostics

extension GitMirror {
    /// Where a reference stands, symbolic references followed; nil when there is no such reference.
    /// - Throws: `git.reference-broken` when it exists and cannot be read.
    public func resolve(_ reference: RefName) throws -> ObjectID? {
        try Libgit2.target(of: reference, in: try repository())
    }

    /// The references whose names begin with `prefix` (such as `refs/heads/`) and where they stand: all of them, or an
    /// error. Names that are no UTF-8 are listed apart, since they cannot be a ``RefName``.
    /// - Throws: `git.reference-broken` when one of them cannot be read.
    public func references(under prefix: String = "refs/") throws -> ReferenceListing {
        try ReferenceReader(repository: try repository(), path: path, prefix: prefix).read()
    }

    /// Moves references from where they are said to stand to where they shall stand, all of them or none.
    ///
    /// They are locked as git itself locks them, compared under the lock, and only then written. A reference that
    /// another program holds is waited for, half a second at most.
    /// - Throws: `git.reference-moved` when one of them stands elsewhere; `git.reference-locked`; `git.object-missing`
    ///   when a new value is not in the repository.
    public func update(_ updates: [ReferenceUpdate]) throws {
        try ReferenceTransaction(repository: try repository()).apply(updates)
    }

    /// Deletes the references whose names begin with `prefix`, but for those in `kept`. What they alone led to goes when the
    /// repository is compacted, two weeks later at the earliest.
    /// - Returns: How many were deleted.
    @discardableResult
    public func deleteReferences(under prefix: String, except kept: Set<String>) throws -> Int {
        let gone = try references(under: prefix).targets.filter { !kept.contains($0.key.rawValue) }
        guard !gone.isEmpty else { return 0 }
        try update(gone.map { ReferenceUpdate($0.key, from: $0.value, to: nil) })
        return gone.count
    }
}

extension Libgit2 {
    /// Where a reference stands; nil when it does not exist.
    ///
    /// A symbolic reference to nothing is broken, but for `HEAD`: that is how an empty repository begins.
    static func target(of reference: RefName, in repository: OpaquePointer) throws -> ObjectID? {
        var found: OpaquePointer?
        let status = git_reference_lookup(&found, repository, reference.rawValue)
        if status == GIT_ENOTFOUND.rawValue { return nil }
        guard status == 0, let found else { throw broken(reference) }
        defer { git_reference_free(found) }
        var resolved: OpaquePointer?
        guard git_reference_resolve(&resolved, found) == 0, let resolved else {
            if reference.rawValue == "HEAD" { return nil }
            throw broken(reference)
        }
        defer { git_reference_free(resolved) }
        guard let id = ObjectID(git_reference_target(resolved)) else { throw broken(reference) }
        return id
    }

    private static func broken(_ reference: RefName) -> SluiceError {
        SluiceError(
            "git.reference-broken", .stalled, "a reference in the repository cannot be read",
            detail: "\(reference): \(lastMessage())")
    }
}
