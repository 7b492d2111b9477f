import ArgumentParser
import Changelog
import Diagnostics
import Foundation
import Terminal

/// `sluice changelog explain-failure`.
struct ChangelogExplainFailure: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain-failure", abstract: "Say how far a failed deploy came, and what can be done now.",
        discussion: """
            A changeset that is a transaction leaves nothing when it fails: correct it, and update again. One that is
            none may be applied in part; then it is listed with each of its statements, what is left behind, and where
            resume would go on. The latest failures of this machine's history of attempts follow. Nothing is changed.
            """)
    static let settings = RecoveryOptions.settings

    @OptionGroup var recovery: RecoveryOptions

    func run() async throws {
        let path = recovery.database.safety.attemptsPath
        let (partial, failures) = try await recovery.withChangelog { session, changelog in
            let records = path.map { AttemptLogFile.records(at: $0) } ?? []
            let database = await session.deployer.databaseIdentity()
            return (
                try await session.deployer.partialChangeSets(changelog), Self.failures(records, of: database)
            )
        }
        let console = CommandContext.current.console
        for changeSet in partial { for line in Self.lines(changeSet) { try console.print(line.oneLine) } }
        for record in failures { try console.print(Self.line(record).oneLine) }
        if partial.isEmpty, failures.isEmpty { console.say("no changeset is applied in part, and no failure is known") }
    }

    private static func lines(_ changeSet: PartialChangeSet) -> [String] {
        var lines = [changeSet.summary]
        for (index, part) in changeSet.parts.enumerated() {
            lines.append("  \(index + 1)  \(part.state.rawValue)  \(part.location): \(part.text.prefix(100))")
        }
        if let statement = changeSet.resumesAt {
            lines.append("  resume (or update) goes on at statement \(statement); restore takes back what is applied")
        } else if let refusal = changeSet.refusal {
            lines.append("  \(refusal.message): \(refusal.hint ?? "")")
        }
        return lines
    }

    /// The latest failures, newest first, of changesets that nobody has applied since.
    static func failures(_ records: [AttemptRecord], of database: String?) -> [AttemptRecord] {
        var seen: Set<String> = []
        var failures: [AttemptRecord] = []
        for record in records where database == nil || record.database == database {
            guard let name = record.changeSet?.description, seen.insert(name).inserted else { continue }
            if [.failed, .unknown, .begun].contains(record.event) { failures.append(record) }
            if failures.count == 5 { break }
        }
        return failures
    }

    private static func line(_ record: AttemptRecord) -> String {
        var text = "\(record.time.ISO8601Format()) \(record.actor): changeset \(record.changeSet?.description ?? "")"
        switch record.event {
        case .begun: text += " began, and the process died in it"
        case .unknown: text += " was cut off"
        default: text += " failed"
        }
        if let statement = record.statement {
            text += " at statement \(statement) of \(record.statementCount.map(String.init) ?? "?")"
        }
        if let location = record.location { text += " (\(location))" }
        if let state = record.sqlState { text += " \(state)" }
        if let message = record.message { text += ": \(message)" }
        for blocker in record.blockers where blocker.isRoot { text += "; blocked by \(blocker)" }
        return text
    }
}
