public import GitClient

/// Where the files are that a patch is applied to.
public protocol FileSource {
    /// The file at a path; nil when there is none.
    func file(at path: String) throws -> PatchedFile?
    /// Whether a directory stands at a path.
    func isDirectory(_ path: String) throws -> Bool
    /// Other paths at which the file may be that is missing at `path`, the likeliest first.
    func likelyPlaces(of path: String, content: String?) throws -> [String]
}

/// A file as patches see it.
public struct PatchedFile: Hashable, Sendable {
    /// What kind of file it is.
    public var mode: GitFileMode
    /// Its content; of a link, where it leads to; of a submodule, the line that stands for its commit.
    public var bytes: [UInt8]

    /// Makes a file.
    public init(mode: GitFileMode, bytes: [UInt8]) {
        self.mode = mode
        self.bytes = bytes
    }
}

/// What becomes of a patch, and of the files when it is applied.
public struct PatchApplication: Sendable {
    /// What becomes of the patch as a whole.
    public let status: PatchStatus
    /// What becomes of each of its files, in its order.
    public let files: [FileOutcome]
    /// The files as they are afterwards, sorted by path, nil for those that go; none unless the patch applies.
    public let changes: [(path: String, file: PatchedFile?)]
}

/// Applies patches to files in memory, and says what became of each part. The rules are those of `git apply`: what it
/// accepts is accepted, with the same result, and nothing else is.
public struct PatchApplier: Sendable {
    let limits: PatchLimits

    /// Makes an applier.
    public init(limits: PatchLimits = PatchLimits()) { self.limits = limits }

    /// Applies a patch, as a whole or not at all.
    public func apply(_ patch: Patch, to source: some FileSource) throws -> PatchApplication {
        var budget = SearchBudget()
        return try apply(patch, to: source, seekingWith: &budget)
    }

    /// Applies a patch, as a whole or not at all.
    /// - Parameter budget: What may be spent on looking for what hunks that fit nowhere look most like.
    public func apply(
        _ patch: Patch, to source: some FileSource, seekingWith budget: inout SearchBudget
    ) throws -> PatchApplication {
        var overlay = FileOverlay(source: source, patch: patch)
        var outcomes: [FileOutcome] = []
        for file in patch.files {
            outcomes.append(try FileApplier(file: file, limits: limits).apply(to: &overlay, seekingWith: &budget))
        }
        let status = PatchApplier.status(of: outcomes)
        return PatchApplication(status: status, files: outcomes, changes: status.applies ? overlay.changes : [])
    }

    /// A patch is as bad as its worst file, and done before only when all of it is.
    private static func status(of files: [FileOutcome]) -> PatchStatus {
        let all = Set(files.map(\.status))
        if all.contains(.conflict) { return .conflict }
        if all == [.alreadyApplied] { return .alreadyApplied }
        if all.contains(.alreadyApplied) { return .conflict }
        return all.contains(.offset) ? .offset : .clean
    }
}
