import ArgumentParser
import Changelog
import Diagnostics
import Foundation
import Terminal

/// `sluice changelog split`.
struct ChangelogSplitCommand: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Cut a changeset that is applied in part in two, and note the first as run.",
        discussion: """
            What is applied keeps its id, and what follows becomes a changeset of its own, in the same file: formatted
            SQL between two lines, XML between two changes. For other places it is said what to do.
            """)
    static let settings = RecoveryOptions.settings

    @OptionGroup var recovery: RecoveryOptions

    func run() async throws {
        let console = CommandContext.current.console
        try await recovery.withChangelog { session, changelog in
            let partial = try await session.deployer.partialChangeSets(changelog)
            guard let changeSet = partial.first else {
                console.say("no changeset is applied in part")
                return
            }
            if let refusal = changeSet.refusal { throw refusal }
            guard let prepared = changelog.changeSets.first(where: { $0.identity == changeSet.identity }) else {
                throw CommandFailure(.notFound, "the changelog has no changeset \(changeSet.name)")
            }
            let file = try path(of: prepared)
            let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
            // Where the catalogs show that the statement in doubt took effect, it is one of the applied ones.
            let applied = (changeSet.resumesAt ?? changeSet.applied + 1) - 1
            let split = try ChangelogSplit(
                prepared, after: applied, in: text, avoiding: Set(changelog.changeSets.map(\.identity)))
            try console.print("\(file):\(split.line): put in\n\(split.insertion)")
            guard !recovery.dryRun else { return }
            let first: PreparedChangeSet
            do {
                try Data(split.text.utf8).write(to: URL(filePath: file), options: .atomic)
                let again = try recovery.changelog.prepare(schema: session.schema, facts: session.facts)
                guard let kept = again.changeSets.first(where: { $0.identity == prepared.identity }),
                    again.changeSets.contains(where: { $0.identity.id == split.newID })
                else {
                    throw CommandFailure(.internalError, "the file does not read as two changesets and was put back")
                }
                first = kept
            } catch {
                try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
                throw error
            }
            try await session.deployer.markApplied(first, because: "split: the rest is \(split.newID)")
            console.say("the first is noted as run; update runs the second")
        }
    }

    /// The file on the search path; a link is not written through.
    private func path(of prepared: PreparedChangeSet) throws -> String {
        let name = prepared.changeSet.file
        for root in recovery.changelog.searchPath.words(at: ",") {
            let path = AbsolutePath.of("\(root)/\(name)")
            var status = stat()
            if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return path }
        }
        throw CommandFailure(.notFound, "the file \(name) is not found on the search path")
    }
}
