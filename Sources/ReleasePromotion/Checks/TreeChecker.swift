public import DesiredState
import Diagnostics
public import GitClient
import NIOConcurrencyHelpers
import Sandbox

/// Checks trees: what is in them is read from the object database, judged here, and shown to Puppet's own programs where
/// they are installed. Verdicts are remembered by tree, so that branches with equal files share one.
public struct TreeChecker: Sendable {
    private let programs: PuppetPrograms?
    private let known: NIOLockedValueBox<Memory<ReportKey, TreeReport>>
    /// What programs said of manifests: zones differ in data and pins more often than in code.
    private let answers: NIOLockedValueBox<Memory<[String], [Diagnostic]>>

    /// Makes a checker.
    ///
    /// - Parameters:
    ///   - programs: Puppet's own programs; nil where none may be run.
    ///   - remembered: How many reports are kept: enough for what a release finds and leaves on hundreds of zones.
    public init(programs: PuppetPrograms?, remembering remembered: Int = 2_000) {
        self.programs = programs
        known = NIOLockedValueBox(Memory(limit: remembered))
        answers = NIOLockedValueBox(Memory(limit: 100))
    }

    /// The report on a tree that is remembered, so that nobody has to read its files.
    func remembered(_ tree: ObjectID, checks: ControlChecks) -> TreeReport? {
        known.withLockedValue { $0[key(tree, checks)] }
    }

    private func key(_ tree: ObjectID, _ checks: ControlChecks) -> ReportKey {
        ReportKey(tree: tree, checks: checks, programs: tools(of: checks).map { programs?.path(of: $0.0) })
    }

    /// The report on a tree of the mirror.
    ///
    /// - Throws: `git.object-missing`, `sandbox.workspace-unusable`, `CancellationError`. Whatever is wrong with the content
    ///   is a finding.
    public func report(on tree: ObjectID, in mirror: GitMirror, checks: ControlChecks) async throws -> TreeReport {
        try await report(on: tree, checks: checks) {
            try await mirror.speculate { try TreeContents(of: tree, checks: checks, in: $0) }
        }
    }

    /// The report on a tree whose files are read when they are needed: one that a merge would give, and that only the
    /// reading itself can make.
    public func report(
        on tree: ObjectID, checks: ControlChecks, reading: () async throws -> TreeContents
    ) async throws -> TreeReport {
        let key = key(tree, checks)
        if let report = remembered(tree, checks: checks) { return report }
        let contents: TreeContents
        do {
            contents = try await reading()
        } catch let error as SluiceError where Self.refusals.contains(error.code) {
            let finding = Diagnostic(
                code: "check.tree-unreadable", at: error.location ?? SourceLocation(file: "."),
                "the tree cannot be checked: \(error.message)", hint: "see docs/reference/limits.md")
            return TreeReport(tree: tree, findings: [finding])
        }
        let (report, isLasting) = try await ask(
            about: contents, ContentCheck(checks: checks).report(on: contents), checks)
        if isLasting { known.withLockedValue { $0.keep(report, for: key) } }
        return report
    }

    /// What is the content's own fault when it is read.
    static let refusals: Set<SluiceError.Code> = ["git.tree-too-large", "git.tree-hostile"]

    /// The report with what the programs say, and whether they would say the same again: one that broke off may not.
    private func ask(
        about contents: TreeContents, _ report: TreeReport, _ checks: ControlChecks
    ) async throws -> (TreeReport, isLasting: Bool) {
        var (findings, unchecked, isLasting) = (report.findings, report.unchecked, true)
        // What is no text is said of the file itself; the programs would break off at it.
        let manifests = contents.manifests.filter { $0.mode == .regular || $0.mode == .executable }
        let texts = manifests.filter { String(validating: $0.bytes, as: UTF8.self) != nil }
        if !tools(of: checks).isEmpty {
            findings += manifests.filter { String(validating: $0.bytes, as: UTF8.self) == nil }.map {
                Diagnostic(
                    code: "check.manifest-syntax", at: SourceLocation(file: $0.path), "the manifest is not UTF-8",
                    hint: "save it in UTF-8")
            }
        }
        for (tool, choice) in tools(of: checks) where !texts.isEmpty {
            switch try await answer(of: tool, about: texts) {
            case .findings(let found): findings += found
            case .failed(let reason):
                isLasting = isLasting && programs?.path(of: tool) == nil
                if choice == .required {
                    findings.append(
                        Diagnostic(
                            code: "check.program-unavailable", at: SourceLocation(file: "."),
                            "\(tool.name) is required and did not judge the manifests: \(reason)",
                            hint: "install it where the controller runs, or do not require it"))
                } else {
                    unchecked.append(.init(tool.check, reason))
                }
            }
        }
        let whole = TreeReport(
            tree: report.tree, findings: findings, unchecked: unchecked, puppetfile: report.puppetfile)
        return (whole, isLasting)
    }

    private func answer(of tool: PuppetTool, about manifests: [GitFile]) async throws -> PuppetTool.Answer {
        guard let programs else { return .failed("no programs are run here") }
        let key = [tool.name, programs.path(of: tool) ?? ""] + manifests.map { "\($0.id) \($0.path)" }
        if let known = answers.withLockedValue({ $0[key] }) { return .findings(known) }
        let answer = try await programs.ask(
            tool, about: manifests.map { SandboxFile(path: $0.path, bytes: $0.bytes) })
        if case .findings(let findings) = answer { answers.withLockedValue { $0.keep(findings, for: key) } }
        return answer
    }

    private func tools(of checks: ControlChecks) -> [(PuppetTool, ControlChecks.Tool)] {
        [(.parser, checks.parser), (.lint, checks.lint)].filter { $0.1 != .off }
    }
}

/// What a report depends on.
struct ReportKey: Hashable {
    let tree: ObjectID
    let checks: ControlChecks
    /// Where the programs are: one that is installed later is asked.
    let programs: [String?]
}
