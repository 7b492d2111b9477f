import ArgumentParser
import DatabaseSchema
import DesiredState
import Terminal

/// `sluice changelog snapshot`: what a database is made of.
struct ChangelogSnapshot: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Show what a database is made of, with its fingerprint.",
        discussion: """
            It only reads, and any role that may connect can do it. Owners, data and what belongs to extensions are left
            out, and so are the tables in which it is kept what has run. The fingerprint is the same for two databases
            that are alike, on any version of PostgreSQL from 14 on. The form json can be kept in a file, for diff.

            EXAMPLE
              sluice changelog snapshot --url "$DB" -o json > before.json
            """)
    static let settings = DatabaseOptions.settings + SchemaOptions.settings + ["snapshot-format"]

    /// The forms there are.
    enum Format: String, ExpressibleByArgument, CaseIterable, Sendable {
        case text = "text"
        case json, yaml
        case txt
    }

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var schema: SchemaOptions

    @Option(
        name: [.customShort("o"), .customLong("output"), .customLong("snapshot-format")], help: "text, json or yaml.")
    var output: Format = .text

    func run() async throws {
        let console = CommandContext.current.console
        let snapshot = try await schema.read(try database.configuration(), without: database)
        try schema.check([snapshot])
        switch output {
        case .json: try console.printExactly(try JSONValue(encoding: snapshot).prettyText)
        case .yaml: try console.printExactly(String(YAMLText.of(try JSONValue(encoding: snapshot)).dropLast()))
        case .text, .txt:
            try console.print("fingerprint \(SchemaFingerprint(of: snapshot))")
            try console.print("PostgreSQL \(snapshot.serverVersion)")
            for line in snapshot.lines() { try console.print(line) }
        }
    }
}
