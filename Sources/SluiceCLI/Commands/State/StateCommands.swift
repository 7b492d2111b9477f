import ArgumentParser
import DesiredState
import StateStore
import Terminal

/// `sluice state …`: the schema of the state database.
struct StateCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Look at the schema of the state database, and move it by a version.",
        discussion: """
            A controller that starts brings the schema to its own version by itself, and works on one that is a version newer. So
            after going back to the program of the version before there is nothing to do here. See
            docs/how-to/upgrade-and-back-up.md.

            These commands ask no controller: they need the state database itself.

            EXAMPLES
              sluice state status --state-database-file /etc/sluice/state
              sluice state downgrade --yes
            """,
        subcommands: [StateStatusCommand.self, StateUpgradeCommand.self, StateDowngradeCommand.self])
}

/// `sluice state status`: which schema is there, and what this program would do with it.
struct StateStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which schema is there, and what this program would do with it.",
        discussion: "Changes nothing. Exits with 0 when this program works on it as it is, with 1 otherwise.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var database: StateDatabaseOptions

    func run() async throws {
        let (status, programs) = try await database.withStore { store in
            (try await store.schemaStatus(), try await store.connectedPrograms())
        }
        let document: JSONValue = [
            "version": .integer(status.version), "oldestProgram": .integer(status.oldestProgram),
            "program": .integer(status.program), "fit": .string(status.fit.rawValue),
            "pending": .array(status.pending.map { .string($0) }),
            "connected": .array(
                programs.map {
                    ["version": .integer($0.version), "connections": .integer($0.connections)]
                }),
        ]
        try output.print(document, name: { _ in nil }) { _ in
            var table = Table(["WHAT", "IS"])
            table.add(["schema", status.version == 0 ? "none" : "version \(status.version)"])
            table.add(["taken by", "programs of version \(status.oldestProgram) and later"])
            table.add(["this program", "version \(status.program): \(status.fit.meaning)"])
            table.add(["not there yet", status.pending.joined(separator: ", ")])
            table.add([
                "at work",
                programs.map { "version \($0.version) (\($0.connections) connections)" }.joined(separator: ", "),
            ])
            return table
        }
        guard [.same, .newer].contains(status.fit) else { throw ExitStatus.notReady }
    }
}

extension SchemaStatus.Fit {
    /// What a program does, in a few words.
    fileprivate var meaning: String {
        switch self {
        case .empty: "makes the schema"
        case .older: "brings the schema to its own version"
        case .same: "works on it"
        case .newer: "works on it, and changes nothing of the schema"
        case .tooNew: "refuses it"
        }
    }
}

/// `sluice state upgrade`: what a controller does that starts.
struct StateUpgradeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Bring the schema to this program's version, as a controller does that starts.")

    @OptionGroup var database: StateDatabaseOptions

    func run() async throws {
        let status = try await database.withStore { store in
            try await store.migrate()
            return try await store.schemaStatus()
        }
        try CommandContext.current.console.print("the schema has version \(status.version)")
    }
}

/// `sluice state downgrade`: one version back.
struct StateDowngradeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "downgrade", abstract: "Show what going back by a version would cost, and with --yes go.",
        discussion: """
            Drops what only the newer version has a place for; back up first. Use the program of the newer version: only that
            knows the way back. Refused while controllers are connected that need the newer version. Those of the version before
            may go on working; one of the newer version that starts brings the schema forward again.
            """)

    @Flag(name: .long, help: "Go back. What is dropped can only come back from a backup.")
    var yes = false

    @Flag(name: .long, help: "Also when controllers are connected that need the newer version.")
    var whileInUse = false

    @OptionGroup var database: StateDatabaseOptions

    func run() async throws {
        let console = CommandContext.current.console
        try await database.withStore { store in
            guard yes else {
                for loss in try await store.downgradeLosses() {
                    let place = [loss.table, loss.column].compactMap(\.self).joined(separator: ".")
                    try console.print("\(place): \(loss.rows) \(loss.rows == 1 ? "row" : "rows") would go")
                    if let consequence = loss.consequence { try console.print("  \(consequence)") }
                }
                return console.say("nothing was changed: say --yes")
            }
            let head = try await store.audit.head()
            let version = try await store.downgrade(whileInUse: whileInUse)
            if let head, try await store.audit.head() == nil {
                console.say("the audit log went; it ended with record \(head.id), hash \(head.hash)")
            }
            try console.print("the schema has version \(version)")
        }
    }
}
