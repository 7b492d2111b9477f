import ArgumentParser
import Changelog
import ChangelogLint
import CommittedChangelog
import Diagnostics
import Terminal

/// `sluice changelog lint`: what a changelog would do to a database with data and users in it.
struct ChangelogLintCommand: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Say what a changelog would do to a database with data and users in it.",
        discussion: """
            Reads the SQL that each changeset would send, and needs no database. With --base-ref only what differs from
            that branch is judged, such as what is checked out beside origin/master, and beside it what a merge of the
            last commit into the branch would have; with --base-search-path what differs from the changelog there. Tables
            that come with the difference are nobody's yet, so that rules about locks leave them alone. Without a base
            every changeset is judged for itself.

            Each finding is one line, file:line:column first, with what to do instead below it. Exits with 8 when a rule
            fails, with 0 when there are warnings only. "sluice changelog lint-rules" lists the rules.

            A changeset's comment allows what is meant: sluice:allow drop-column: nobody reads it since 2.4

            EXAMPLES
              sluice changelog lint --changelog-file main.xml --base-ref origin/master
              sluice changelog lint --changelog-file main.xml --base-search-path ../master
              sluice changelog lint --changelog-file main.xml --rule drop-table=fail --rule missing-rollback=warn
              sluice changelog lint --changelog-file main.xml --format gitlab > gl-code-quality-report.json
            """)
    static let settings = ChangelogOptions.settings + ["default-schema-name"]

    @OptionGroup var changelog: ChangelogOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The branch whose changelog is deployed, where the search path is a checkout.", valueName: "revision"))
    var baseRef: String?

    @Option(name: .long, help: "Directories of the changelog that is deployed, separated by commas.")
    var baseSearchPath: String?

    @Option(name: .long, help: "The schema of names that have none.")
    var defaultSchemaName: String = "public"

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What a rule counts for: off, warn or fail.", valueName: "rule=severity"))
    var rule: [String] = []

    @Flag(name: .long, help: "Take no notice of sluice:allow in comments.")
    var ignoreAllowances = false

    @Option(name: .long, help: "How findings are written: text, json, github (annotations) or gitlab (code quality).")
    var format: LintReport.Format = .text

    func validate() throws {
        if baseRef != nil, baseSearchPath != nil {
            throw ValidationError("give --base-ref or --base-search-path, not both")
        }
    }

    func run() async throws {
        let findings = try await findings(by: ChangelogLinter(policy: try policy))
        let console = CommandContext.current.console
        let report = try LintReport(findings).text(as: format)
        if !report.isEmpty { try format == .text ? console.print(report) : console.printExactly(report) }
        let failures = findings.count { $0.severity == .fail }
        let warnings = findings.count - failures
        console.say("\(failures) failure\(failures == 1 ? "" : "s"), \(warnings) warning\(warnings == 1 ? "" : "s")")
        if failures > 0 { throw ExitStatus.invalid }
    }

    private func findings(by linter: ChangelogLinter) async throws -> [LintFinding] {
        let present = try changelog.prepare(schema: defaultSchemaName)
        if let baseRef {
            return try await findings(by: linter, in: present, for: baseRef)
        }
        let base = try baseSearchPath.map { path in
            var options = changelog
            (options.searchPath, options.classpath) = (path, nil)
            return try options.prepare(schema: defaultSchemaName)
        }
        return linter.findings(in: present, base: base)
    }

    private func findings(
        by linter: ChangelogLinter, in present: PreparedChangelog, for branch: String
    ) async throws -> [LintFinding] {
        let history = try await SearchPathHistory(of: changelog.directories, for: branch)
        let base = try understood(try await history.source(at: history.base))
        let own = linter.findings(in: present, base: base)
        guard history.base != history.target else { return own }
        let console = CommandContext.current.console
        guard let merged = try await history.mergedSource() else {
            console.say("both the last commit and \(branch) changed the same lines: their merge is not judged")
            return own
        }
        let target: PreparedChangelog
        do { target = try understood(try await history.source(at: history.target)) } catch let error as DiagnosticsError
        {
            console.say(
                "the changelog of \(branch) cannot be understood, the merge is not judged: \(error.sluiceError.message)"
            )
            return own
        }
        let merge = ChangelogMerge(
            of: present, since: base, into: target,
            giving: Result { try understood(merged) }.mapError(SluiceError.init(wrapping:)))
        return own + linter.findings(in: merge)
    }

    /// The changelog of other files; one without changesets when they do not have it.
    private func understood(_ source: CommitSource) throws -> PreparedChangelog {
        let path = changelog.changelogFile
        guard try source.contents(of: path) != nil else {
            return try PreparedChangelog(ResolvedChangelog(path: path), source: source)
        }
        return try changelog.read(schema: defaultSchemaName, from: source).understood()
    }

    private var policy: LintPolicy {
        get throws {
            var rules: [String: LintSeverity] = [:]
            for text in rule {
                let parts = text.parts(at: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2, let name = parts.first, let severity = LintSeverity(rawValue: parts[1]) else {
                    throw CommandFailure(
                        .usage, "--rule \(text) cannot be read",
                        hint: "write a rule, = and off, warn or fail: drop-table=fail")
                }
                guard LintRules.names.contains(name) else {
                    let nearest = Suggestion.nearest(to: name, in: LintRules.names).map { "did you mean \($0)?" }
                    throw CommandFailure(
                        .usage, "there is no rule \(name)", hint: nearest ?? "sluice changelog lint-rules lists them")
                }
                rules[name] = severity
            }
            return LintPolicy(rules: rules, honoursAllowances: !ignoreAllowances)
        }
    }
}

/// `sluice changelog lint-rules`: all rules, for people and for the reference page.
struct ChangelogLintRules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint-rules", abstract: "List the rules of lint, with what each counts for.")

    @Option(name: .long, help: "How they are written: text or json.")
    var format: Format = .text

    /// How rules are written.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() throws {
        let rules = LintRules.all.map(\.description)
        let console = CommandContext.current.console
        switch format {
        case .json: try console.printExactly(try LintReport.json(rules.map(LintReport.Rule.init)))
        case .text:
            for rule in rules {
                try console.print("\(rule.name) (\(rule.severity.rawValue)): \(rule.sentence)")
            }
        }
    }
}
