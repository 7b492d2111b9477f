import ArgumentParser
import Changelog
import Terminal

/// `sluice changelog resume`.
struct ChangelogResume: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with changesets that are applied in part, and run no others.",
        discussion: """
            The applied statements must stand there unchanged; what follows may have been corrected. Where it is not
            known whether a statement took effect, the catalogs are asked; where they cannot tell, look at the database
            and say with --at at which statement to go on. update goes on in the same way before it runs the rest.
            """)
    static let settings = RecoveryOptions.settings

    @OptionGroup var recovery: RecoveryOptions

    @Option(name: .long, help: "The statement to go on at, from 1.")
    var at: Int?

    func run() async throws {
        let console = CommandContext.current.console
        guard !recovery.dryRun else {
            let partial = try await recovery.withChangelog { try await $0.deployer.partialChangeSets($1) }
            for changeSet in partial {
                if let refusal = changeSet.refusal, at == nil { throw refusal }
                guard let statement = at ?? changeSet.resumesAt else { continue }
                try console.print("changeset \(changeSet.name): would go on at statement \(statement)".oneLine)
                for part in changeSet.parts.dropFirst(statement - 1) { try console.print(part.text + ";") }
            }
            return
        }
        let result = try await recovery.withChangelog { session, changelog in
            try await session.deployer.resume(changelog, at: at) { console.say("\($0.identity)".oneLine) }
        }
        try console.print("changesets completed: \(result.ran + result.reran)")
    }
}
