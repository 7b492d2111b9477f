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
}
