import Diagnostics

/// A file of desired state, wherever it came from: a directory or a commit.
public struct DesiredStateFile: Hashable, Sendable {
    /// The path as the author knows it; it stands in messages.
    public let path: String
    /// The content.
    public let bytes: [UInt8]

    /// Makes a file.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// Reads desired state from YAML, as a whole or not at all.
///
/// Reading goes through named stages: bytes → documents (``SourceNode``) → resources → a checked whole. Each stage
/// collects every mistake it can, so that an author sees all of them at once.
public struct DesiredStateReader: Sendable {
    private let limits: ReadingLimits
    private let taken: JudgedBranch?

    /// Makes a reader.
    /// - Parameter taken: The branch whose candidates are judged as desired state; no registry may judge them too.
    public init(limits: ReadingLimits = ReadingLimits(), taken: JudgedBranch? = nil) {
        self.limits = limits
        self.taken = taken
    }

    /// Reads the `*.yaml` and `*.yml` files below a directory. Hidden files are passed over and links not followed.
    ///
    /// Throws `DiagnosticsError` with every mistake in the files, and `file.unreadable` when the directory or a file
    /// in it cannot be read.
    public func read(directory: String) throws -> DesiredState { try read(list(directory)) }

    /// Reads files. Throws `DiagnosticsError` with every mistake in them.
    public func read(files: [DesiredStateFile]) throws -> DesiredState { try read(DesiredStateListing(files)) }

    /// The files below a directory that would be read.
    /// - Throws: `file.unreadable`.
    public func list(_ directory: String) throws -> DesiredStateListing {
        var findings = Findings()
        do {
            let files = try DirectoryListing.files(below: directory, limits: limits, findings: &findings)
            return DesiredStateListing(files, findings: findings.diagnostics)
        } catch let problem as FileProblem {
            throw problem.sluiceError
        }
    }

    /// Whether a file of this path, relative to the directory of desired state, is read: `*.yaml` and `*.yml`, hidden
    /// ones and what is in hidden directories excepted.
    public static func isRead(_ path: String) -> Bool {
        !isHidden(path) && (path.ends(with: ".yaml") || path.ends(with: ".yml"))
    }

    /// Whether a path has a part that begins with a dot.
    public static func isHidden(_ path: String) -> Bool { path.words(at: "/").contains { $0.begins(with: ".") } }

    /// Reads the files of a listing. Throws `DiagnosticsError` with every mistake in them.
    ///
    /// - Parameters:
    ///   - listing: What is read.
    ///   - beside: What is in force beside it and stays unless the files name it: they are judged together.
    public func read(_ listing: DesiredStateListing, beside: [Resource<ResourceSpec>] = []) throws -> DesiredState {
        var findings = Findings(listing.findings)
        var written: [WrittenResource] = []
        for file in listing.files {
            let documents = YAMLComposer.documents(
                of: file.bytes, file: file.path, limits: limits, findings: &findings)
            written += documents.compactMap { WrittenResource($0, &findings) }
        }
        CrossReferences(written, beside: beside.map { WrittenResource(inForce: $0) }, taken: taken)
            .check(&findings)
        let diagnostics = findings.diagnostics.inReadingOrder
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            throw DiagnosticsError(diagnostics.filter { $0.severity == .error })
        }
        return DesiredState(resources: written.compactMap(\.resource), warnings: diagnostics)
    }
}

extension [Diagnostic] {
    /// By file, then from top to bottom.
    fileprivate var inReadingOrder: [Diagnostic] {
        enumerated().sorted { left, right in
            let (a, b) = (left.element.location, right.element.location)
            return (a.file, a.line ?? 0, a.column ?? 0, left.offset) < (
                b.file, b.line ?? 0, b.column ?? 0, right.offset
            )
        }.map(\.element)
    }
}
