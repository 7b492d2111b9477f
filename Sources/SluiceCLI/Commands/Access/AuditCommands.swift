import ArgumentParser
import DesiredState
import Terminal

/// `sluice audit …`: what people did and were refused.
struct AuditCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Show, export and verify what people did and were refused.",
        discussion: """
            Every change and every refusal is written down: who, from where, what, with which object, and what came of it. Each
            record is bound to the one before by a hash; see docs/how-to/give-a-team-access.md.

            EXAMPLES
              sluice audit list --actor anna
              sluice audit list release/edge-2026-02
              sluice audit export > audit.ndjson
              sluice audit verify --expect 4711:9f2c…
            """,
        subcommands: [AuditListCommand.self, AuditExportCommand.self, AuditVerifyCommand.self])
}

/// Which records.
struct AuditFilterOptions: ParsableArguments {
    @Argument(help: "An object, as kind/name.")
    var object: ObjectName?

    @Option(name: .long, help: "Only what this subject did.")
    var actor: String?

    @Option(name: .long, help: "Only what came so far: begun, done, failed, refused; separated by commas.")
    var outcome: String?

    @Option(name: .long, help: "Only what belongs to this request.")
    var request: String?

    @Option(name: .long, help: "Only what was done at this time or later, as 2026-01-31T10:00:00Z.")
    var since: String?

    @Option(name: .long, help: "Only what was done before this time.")
    var until: String?

    /// The query of the interface.
    var query: [(String, String?)] {
        get throws {
            [
                ("kind", try object?.kind), ("name", try object?.key.name), ("actor", actor), ("outcome", outcome),
                ("request", request), ("since", since), ("until", until),
            ]
        }
    }
}

/// `sluice audit list`: newest first.
struct AuditListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what people did and were refused, newest first.",
        discussion: """
            What is done has two records: begun, and what came of it. One that is begun and nothing more was cut off.
            """)

    @OptionGroup var filter: AuditFilterOptions

    @Option(name: .long, help: "How many are shown at most.")
    var limit: Int = 20

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000") }
    }

    func run() async throws {
        let records = try await server.client().list(["api", "v1", "audit"], try filter.query, limit: limit)
        try output.print(records, name: { $0["id"]?.integer.map(String.init) }) {
            AccessView.audit(records, isWide: $0)
        }
    }
}

/// `sluice audit export`: all of it, for other programs.
struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write records to standard output, newest first, one JSON document a line.",
        discussion: """
            Without a filter the export is a whole chain, that "sluice audit verify --file" verifies anywhere.
            """)

    @OptionGroup var filter: AuditFilterOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let (client, console) = (try server.client(), CommandContext.current.console)
        var cursor: String?
        repeat {
            let page = try await client.text(
                ["api", "v1", "audit"], try filter.query + [("limit", "500"), ("cursor", cursor)],
                type: "application/x-ndjson")
            if !page.text.isEmpty { try console.printExactly(String(page.text.dropLast())) }
            cursor = page.cursor
        } while cursor != nil
    }
}
