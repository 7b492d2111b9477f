import ArgumentParser
import DesiredState
import StateStore
import Terminal

/// `sluice backup`: everything that is in the state database, in one file.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write everything that the state database holds into one file.",
        discussion: """
            All of it is as it was at one moment; controllers may be at work meanwhile, and no program of PostgreSQL's is needed.
            An upgrade of the schema waits until it is done. The file appears when it is whole and was read again, and only its
            owner can read it; one that ends in ".part" is of a backup that was broken off. Its digest is printed: written
            down elsewhere and given to "sluice restore --expect", it shows that the file is still the same.

            In it are desired state, history, events, orders, notices, webhooks with their bodies, the audit log, and
            tokens as digests. Passwords, keys and tokens in clear are not: desired state only says where they are.

            This command asks no controller: it needs the state database itself.

            EXAMPLES
              sluice backup /var/backups/sluice-$(date +%F).tar
              sluice backup state.tar --state-database-file /etc/sluice/state
            """)

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Flag(name: .long, help: "Take the place of a file that is there.")
    var overwrite = false

    @OptionGroup var database: StateDatabaseOptions

    func run() async throws {
        let path = AbsolutePath.of(file)
        let backup = try await database.withStore { store in
            try await store.backUp(
                to: path, overwriting: overwrite, program: Version.text,
                mark: String(UInt64.random(in: .min ... .max), radix: 36))
        }
        let console = CommandContext.current.console
        try console.print(backup.digest)
        console.say(BackupView.summary(backup.manifest))
    }
}

/// A backup in words.
enum BackupView {
    static func summary(_ manifest: BackupManifest) -> String {
        let bytes = (Double(manifest.bytes) / 1_048_576 * 10).rounded() / 10
        return "\(manifest.rows) rows of \(manifest.tables.count) tables (\(bytes) MiB), as of \(manifest.takenAt),"
            + " schema version \(manifest.schemaVersion)"
    }
}
