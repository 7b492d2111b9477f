import ArgumentParser
import DesiredState
import Glibc
import StateStore
import Terminal

/// `sluice restore`: brings back what a backup holds.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring back what \"sluice backup\" wrote.",
        discussion: """
            The whole file is checked before a row is written, and everything is written in one transaction: it is all there
            afterwards, or nothing has changed. A backup of an older version is brought to this version's schema. With all
            controllers stopped: one that starts in the same moment, or connects through a pooler, is not seen. The
            first that starts afterwards looks at the world and adopts what has happened since. Nobody is let in without proof
            then, however it was before: "sluice serve --personal" undoes that. The audit log says that it was restored.

            A copy for trying things out would act in the original's name. --as-another-installation gives it an id of its
            own, suspends what works on code hosts, candidates, controls and channels, and drops the orders and notices that
            wait. A config repository whose manifests say otherwise takes the suspensions back: give the copy another one, and
            other DatabaseServers or another spec.instance.

            This command asks no controller: it needs the state database itself.

            EXAMPLES
              sluice restore state.tar --check
              sluice restore state.tar --state-database-file /etc/sluice/state
              sluice restore state.tar --data-dir /var/lib/sluice --replace
            """)

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Flag(name: .long, help: "Check the file and say what is in it, and stop there.")
    var check = false

    @Flag(name: .long, help: "Drop what the database holds.")
    var replace = false

    @Flag(name: .long, help: "As a copy that stands still until it is told otherwise.")
    var asAnotherInstallation = false

    @Option(name: .long, help: "The digest that \"sluice backup\" printed; another file is refused.")
    var expect: String?

    @OptionGroup var database: StateDatabaseOptions

    func run() async throws {
        let console = CommandContext.current.console
        let backup = try BackupFile(AbsolutePath.of(file), expecting: expect)
        guard !check else {
            for table in backup.manifest.tables { try console.print("\(table.name): \(table.rows)") }
            return console.say(BackupView.summary(backup.manifest))
        }
        try await database.withStore(makesDatabase: true) { store in
            try await store.restore(
                backup,
                .init(
                    replacing: replace, asAnotherInstallation: asAnotherInstallation, actor: "operator \(getuid())"))
        }
        console.say("restored: \(BackupView.summary(backup.manifest))")
        console.say("nobody is let in without proof now: \"sluice serve --personal\" undoes that")
        console.say("tokens that were revoked since then are valid again: see \"sluice token list\"")
    }
}
