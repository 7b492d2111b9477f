import ArgumentParser
import DatabaseSchema
import DesiredState
import Diagnostics
import Foundation
import PostgresClient
import Terminal

/// `sluice changelog diff`: what a database has that another, or a snapshot of it, has not.
struct ChangelogDiff: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what differs between a database and another one, or a snapshot in a file.",
        discussion: """
            + is what the database has and the reference has not, - what only the reference has, ~ what both have and is
            not the same. It only reads. Databases of one version of PostgreSQL are compared to the letter; for those of
            two versions, what the versions write differently counts as the same.

            Exits with 0 when nothing differs and with 1 when something does.

            EXAMPLES
              sluice changelog diff --url "$DB" --reference-url "$PRODUCTION"
              sluice changelog diff --url "$DB" --reference-snapshot before.json
            """)
    static let settings =
        DatabaseOptions.settings + SchemaOptions.settings
        + ["reference-url", "reference-username", "reference-password", "diff-types", "format"]

    /// The forms there are.
    enum Format: String, ExpressibleByArgument, CaseIterable, Sendable {
        case text, json
        case txt
    }

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var schema: SchemaOptions

    @Option(name: .long, help: "The database to compare with (else SLUICE_REFERENCE_URL).")
    var referenceUrl: SecretArgument?

    @Option(name: .long, help: "The role that logs in there; it wins over the URL's.")
    var referenceUsername: String?

    @Option(name: .long, help: ArgumentHelp("Its password.", valueName: "password"))
    var referencePassword: SecretArgument?

    @Option(name: .long, help: "The snapshot to compare with, as snapshot -o json wrote it.", completion: .file())
    var referenceSnapshot: String?

    @Option(name: .long, help: "Only these, separated by commas: tables, columns, views, indexes, functions, ….")
    var diffTypes: String?

    @Option(name: [.customShort("o"), .customLong("output"), .customLong("format")], help: "text or json.")
    var output: Format = .text

    func run() async throws {
        let console = CommandContext.current.console
        let kinds = try diffTypes.map(Self.kinds)
        let reference = try await reference()
        let present = try await schema.read(try database.configuration(), without: database)
        try schema.check([reference, present])
        let difference = SchemaDifference(from: kept(reference, kinds), to: kept(present, kinds))
        switch output {
        case .json: try console.printExactly(try JSONValue(encoding: difference).prettyText)
        case .text, .txt:
            for line in difference.lines() {
                let colour: Console.Colour? =
                    line.begins(with: "+")
                    ? .green : line.begins(with: "-") ? .red : line.begins(with: "~") ? .yellow : nil
                try console.print(colour.map { console.paint(line, $0) } ?? line)
            }
            console.say(SchemaSummary(difference).description)
        }
        guard difference.isEmpty else { throw ExitStatus.notReady }
    }

    private func reference() async throws -> SchemaSnapshot {
        if let file = referenceSnapshot {
            guard referenceUrl == nil else {
                throw CommandFailure(.usage, "give --reference-url or --reference-snapshot, not both")
            }
            return try SchemaSnapshot(json: try Self.bytes(of: file), file: file)
        }
        let other = CommandContext.current.environment["SLUICE_REFERENCE_URL"]
        guard let url = referenceUrl ?? other.flatMap(SecretArgument.init) else {
            throw CommandFailure(
                .usage, "nothing is named to compare with", hint: "give --reference-url or --reference-snapshot")
        }
        var options = database
        options.url = url
        options.urlFile = nil
        options.username = referenceUsername
        options.password = referencePassword
        options.passwordFile = nil
        return try await schema.read(try options.configuration(), without: database)
    }

    /// The most bytes of a snapshot that are read.
    private static let maximumBytes = 256 << 20

    private static func bytes(of file: String) throws -> [UInt8] {
        let unreadable = SluiceError(
            "file.unreadable", .transient, "\(file) cannot be read, or is longer than \(maximumBytes >> 20) MiB")
        guard let handle = FileHandle(forReadingAtPath: AbsolutePath.of(file)) else { throw unreadable }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: maximumBytes + 1), data.count <= maximumBytes else {
            throw unreadable
        }
        return Array(data)
    }

    /// A snapshot of some schemas only, and of some kinds of objects.
    private func kept(_ snapshot: SchemaSnapshot, _ kinds: Set<SchemaObjectKind>?) -> SchemaSnapshot {
        snapshot.filtered { object in
            (kinds?.contains(object.kind) ?? true)
                && (schema.names?.contains(object.schema ?? object.name.own) ?? true)
        }
    }

    /// The kinds that Liquibase's words, or our own, name.
    private static func kinds(_ words: String) throws -> Set<SchemaObjectKind> {
        let liquibases: [String: [SchemaObjectKind]] = [
            "primarykeys": [.constraint], "foreignkeys": [.constraint], "uniqueconstraints": [.constraint],
            "checkconstraints": [.constraint], "views": [.view, .materializedView],
            "functions": [.function, .aggregate],
            "storedprocedures": [.procedure], "catalogs": [], "data": [],
        ]
        let own = Dictionary(
            SchemaObjectKind.allCases.map { ($0.plural.replacingAll(" ", with: ""), [$0]) }, uniquingKeysWith: { $1 })
        let known = own.merging(liquibases) { $1 }
        return try Set(
            words.words(at: ",").flatMap { word in
                let name = word.filter { $0 != " " && $0 != "-" }.lowercased()
                guard let kinds = known[name] else {
                    throw CommandFailure(
                        .usage, "--diff-types: there is no \"\(name)\"",
                        hint: "there are: \(known.keys.sorted().joined(separator: ", "))")
                }
                return kinds
            })
    }
}
