import DesiredState
import Diagnostics
import GitClient
import Puppetfile

/// What can be said of files without running anything: the Puppetfile, and hiera's YAML. Pure.
struct ContentCheck {
    let checks: ControlChecks

    /// What is wrong with the files, and what was not looked at.
    func report(on contents: TreeContents) -> TreeReport {
        var findings: [Diagnostic] = []
        var unchecked: [TreeReport.Unchecked] = []
        let puppetfile = check(contents.puppetfile, &findings)
        let unread = contents.data.compactMap { check($0, &findings) }
        if let first = unread.first {
            let more = unread.count > 1 ? " and \(unread.count - 1) more" : ""
            unchecked.append(.init(.data, "\(first.location): \(first.message)\(more)"))
        }
        return TreeReport(tree: contents.tree, findings: findings, unchecked: unchecked, puppetfile: puppetfile)
    }

    private func check(_ file: GitFile?, _ findings: inout [Diagnostic]) -> Puppetfile? {
        guard let file, isRegular(file, &findings) else { return nil }
        let reading = PuppetfileReader(movingPins: movingPins).read(file.bytes, file: file.path)
        findings += reading.findings
        return reading.puppetfile
    }

    /// Finds a mistake in one of hiera's files; returns it when it only says that the file was too much to read.
    private func check(_ file: GitFile, _ findings: inout [Diagnostic]) -> YAMLCheck.Mistake? {
        guard isRegular(file, &findings) else { return nil }
        guard let mistake = YAMLCheck.mistake(in: file.bytes, file: file.path, limits: Self.limits) else { return nil }
        guard mistake.kind != .limit else { return mistake }
        findings.append(
            Diagnostic(
                code: mistake.kind == .duplicateKey ? "check.duplicate-key" : "check.yaml-syntax",
                at: mistake.location, mistake.message, hint: mistake.hint))
        return nil
    }

    /// r10k would follow a link, to wherever it points on the server.
    private func isRegular(_ file: GitFile, _ findings: inout [Diagnostic]) -> Bool {
        if file.mode == .regular || file.mode == .executable { return true }
        findings.append(
            Diagnostic(
                code: "check.not-a-file", at: SourceLocation(file: file.path),
                file.mode == .symbolicLink ? "this is a symbolic link" : "this is a submodule",
                hint: "put the file itself there"))
        return false
    }

    private var movingPins: PuppetfileReader.MovingPins {
        switch checks.movingPins {
        case .allow: .accept
        case .warn: .warn
        case .refuse: .refuse
        }
    }

    private static let limits = ReadingLimits(fileSize: TreeContents.limits.bytesPerFile)
}
