import Diagnostics

extension GitMirror {
    /// The files at or below `paths` as a merge of two commits would have them.
    ///
    /// The merge happens in memory, over these files alone: a conflict elsewhere does not matter here. Renames are not
    /// looked for, so a file that one side moved and the other changed is a conflict.
    /// - Parameter base: The commit that both come from, see ``mergeBase(_:_:)``.
    /// - Throws: what ``files(in:under:limits:)`` throws.
    public func mergedFiles(
        of ours: ObjectID, with theirs: ObjectID, from base: ObjectID, under paths: [String] = [""],
        limits: TreeLimits = .standard
    ) throws -> MergedFiles {
        if theirs == base { return .merged(try files(in: ours, under: paths, limits: limits)) }
        return try mergedFiles(
            of: try files(in: ours, under: paths, limits: limits),
            with: try files(in: theirs, under: paths, limits: limits),
            from: try files(in: base, under: paths, limits: limits))
    }

    /// Files as a merge of two lists that come from a third would have them, see ``mergedFiles(of:with:from:under:limits:)``.
    public func mergedFiles(
        of ours: [GitFile], with theirs: [GitFile], from base: [GitFile]
    ) throws -> MergedFiles {
        try Libgit2.start()
        return try FileMerge(base: base, ours: ours, theirs: theirs).result()
    }
}

/// What a merge gives.
public enum MergedFiles: Hashable, Sendable {
    /// The files, in the order of their paths' bytes.
    case merged([GitFile])
    /// The paths that both sides changed, each in its own way.
    case conflicts([String])
}
