import Diagnostics

/// The files of a state of desired state, wherever they came from, and what is wrong with them before they are read.
public struct DesiredStateListing: Hashable, Sendable {
    /// The files, in the order of their paths.
    public let files: [DesiredStateFile]
    let findings: [Diagnostic]

    init(_ files: [DesiredStateFile], findings: [Diagnostic]) {
        self.files = files
        self.findings = findings
    }

    /// Makes a listing.
    ///
    /// - Parameters:
    ///   - files: What is to be read.
    ///   - links: Paths of symbolic links and submodules that stand among the files: each is a mistake.
    public init(_ files: [DesiredStateFile], links: [String] = []) {
        var findings = Findings()
        for path in links {
            findings.report(
                .notAFile, at: SourceLocation(file: path), path: "", "a symbolic link or a submodule is not read",
                hint: "put the file itself there")
        }
        self.init(files, findings: findings.diagnostics)
    }

    /// Makes a listing of a tree's entries below a directory, which may itself be hidden. Hidden entries are passed over,
    /// symbolic links and submodules are mistakes.
    public init(_ entries: [DesiredStateEntry], below directory: String) {
        let root = directory.isEmpty ? "" : "\(directory)/"
        func relative(_ entry: DesiredStateEntry) -> String { String(entry.path.rest(after: root) ?? "") }
        let visible = entries.filter { !DesiredStateReader.isHidden(relative($0)) }
        self.init(
            visible.filter { !$0.isLink && DesiredStateReader.isRead(relative($0)) }
                .map { DesiredStateFile(path: $0.path, bytes: $0.bytes) },
            links: visible.filter(\.isLink).map(\.path))
    }
}

/// An entry of a commit's tree.
public struct DesiredStateEntry: Hashable, Sendable {
    /// Its path in the repository.
    public let path: String
    /// The content of a file.
    public let bytes: [UInt8]
    /// Whether it is a symbolic link or a submodule.
    public let isLink: Bool

    /// Makes an entry.
    public init(path: String, bytes: [UInt8], isLink: Bool) {
        self.path = path
        self.bytes = bytes
        self.isLink = isLink
    }
}
