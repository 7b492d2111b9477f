public import DesiredState
import Diagnostics
public import GitClient
import NIOConcurrencyHelpers
import Sandbox

/// Checks trees: what is in them is read from the object database, judged here, and shown to Puppet's own programs where
/// they are installed. Verdicts are remembered by tree, so that branches with equal files share one.
public struct TreeChecker: Sendable {
    private let programs: PuppetPrograms?
    private let known: NIOLockedValueBox<ReportMemory>

    /// Makes a checker.
    ///
    /// - Parameters:
    ///   - programs: Puppet's own programs; nil where none may be run.
    ///   - remembered: How many reports are kept.
    public init(programs: PuppetPrograms?, remembering remembered: Int = 500) {
        self.programs = programs
        known = NIOLockedValueBox(ReportMemory(limit: remembered))
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
        let key = ReportMemory.Key(
            tree: tree, checks: checks, programs: tools(of: checks).map { programs?.path(of: $0.0) })
        if let report = known.withLockedValue({ $0.report(for: key) }) { return report }
        let contents: TreeContents
        do {
            contents = try await reading()
        } catch let error as SluiceError where Self.refusals.contains(error.code) {
            let finding = Diagnostic(
                code: "check.tree-unreadable", at: error.location ?? SourceLocation(file: "."),
                "the tree cannot be checked: \(error.message)", hint: "see docs/reference/limits.md")
            return TreeReport(tree: tree, findings: [finding])
        }
        let report = try await ask(about: contents, ContentCheck(checks: checks).report(on: contents), checks)
        known.withLockedValue { $0.keep(report, for: key) }
        return report
    }

    /// What is the content's own fault when it is read.
    private static let refusals: Set<SluiceError.Code> = ["git.tree-too-large", "git.tree-hostile"]

    /// The report with what the programs say.
    private func ask(
        about contents: TreeContents, _ report: TreeReport, _ checks: ControlChecks
    ) async throws -> TreeReport {
        var (findings, unchecked) = (report.findings, report.unchecked)
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
        return TreeReport(tree: report.tree, findings: findings, unchecked: unchecked, puppetfile: report.puppetfile)
    }

    private func answer(of tool: PuppetTool, about manifests: [GitFile]) async throws -> PuppetTool.Answer {
        guard let programs else { return .failed("no programs are run here") }
        return try await programs.ask(tool, about: manifests.map { SandboxFile(path: $0.path, bytes: $0.bytes) })
    }

    private func tools(of checks: ControlChecks) -> [(PuppetTool, ControlChecks.Tool)] {
        [(.parser, checks.parser), (.lint, checks.lint)].filter { $0.1 != .off }
    }
}

/// The latest reports; the one that was used longest ago goes first.
struct ReportMemory {
    struct Key: Hashable {
        let tree: ObjectID
        let checks: ControlChecks
        /// Where the programs are: one that is installed later is asked.
        let programs: [String?]
    }

    private let limit: Int
    private var reports: [Key: (report: TreeReport, used: Int)] = [:]
    private var clock = 0

    init(limit: Int) { self.limit = limit }

    mutating func report(for key: Key) -> TreeReport? {
        guard let known = reports[key] else { return nil }
        clock += 1
        reports[key] = (known.report, clock)
        return known.report
    }

    mutating func keep(_ report: TreeReport, for key: Key) {
        clock += 1
        reports[key] = (report, clock)
        guard reports.count > limit, let oldest = reports.min(by: { $0.value.used < $1.value.used }) else { return }
        reports[oldest.key] = nil
    }
}
