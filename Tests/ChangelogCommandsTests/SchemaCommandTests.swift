import Diagnostics
import Foundation
import PostgresClient
import Terminal
import TestSupport
import Testing

@testable import ChangelogCommands

@Suite("Snapshots and differences of schemas on the command line")
struct SchemaCommandTests {
    private func url(_ database: PostgresConfiguration) -> String {
        "host=\(database.host) port=\(database.port) user=\(database.user) "
            + "password=\(database.password?.reveal() ?? "") dbname=\(database.database)"
    }

    private func run(_ script: String, on database: PostgresConfiguration) async throws {
        let connection = try await PostgresConnection.open(database)
        try await connection.runScript(script)
        await connection.close()
    }

    @Test("A database equals the snapshot that was taken of it, until something changes")
    func snapshotAndDiff() async throws {
        try await withTemporaryDirectory { directory in
            try await withDatabase { database in
                try await run(
                    "CREATE TABLE land (id int PRIMARY KEY); CREATE TABLE databasechangelog (id int)", on: database)
                let environment = ["SLUICE_DATABASE_URL": url(database)]
                let taken = await Invocation.run(["snapshot", "--snapshot-format=json"], environment: environment)
                #expect(taken.status == .ok, "\(taken.talk)")
                let file = "\(directory)/before.json"
                try taken.output.write(toFile: file, atomically: true, encoding: .utf8)
                let diff = ["diff", "--reference-snapshot", file]
                let equal = await Invocation.run(diff, environment: environment)
                #expect(equal.status == .ok && equal.output.isEmpty && equal.talk == "no changes\n", "\(equal.talk)")
                try await run("ALTER TABLE land ADD name text; INSERT INTO land VALUES (1, 'x')", on: database)
                let changed = await Invocation.run(diff, environment: environment)
                #expect(changed.status == .notReady)
                #expect(changed.output == "+ column public.land.name: text\n" && changed.talk == "+1 column\n")
                let json = await Invocation.run(diff + ["-o", "json"], environment: environment)
                #expect(json.status == .notReady && json.output.contains("\"summary\": \"+1 column\""))
                #expect(await Invocation.run(diff + ["--diff-types=tables"], environment: environment).status == .ok)
                #expect(await Invocation.run(diff + ["--diff-types=ducks"], environment: environment).status == .usage)
            }
        }
    }

    @Test("Two databases are compared, and schemas that neither has are refused")
    func twoDatabases() async throws {
        try await withDatabase { one in
            try await withDatabase { other in
                try await run("CREATE SCHEMA app; CREATE TABLE app.land (id int)", on: one)
                try await run("CREATE SCHEMA app; CREATE TABLE public.other (id int)", on: other)
                let diff = ["diff", "--url", url(one), "--reference-url", url(other)]
                #expect(await Invocation.run(diff).talk == "+1 table, -1 table\n")
                let schema = await Invocation.run(diff + ["--schemas", "app"])
                #expect(schema.output == "+ table app.land\n  + column id: integer\n")
                let unknown = await Invocation.run(diff + ["--schemas", "ap"])
                #expect(
                    unknown.status == .notFound && unknown.talk.contains("there is no schema \"ap\""), "\(unknown.talk)"
                )
                #expect(await Invocation.run(["diff", "--url", url(one)]).status == .usage)
            }
        }
    }

    @Test("A snapshot is shown as text and as YAML, with its fingerprint")
    func forms() async throws {
        try await withDatabase { database in
            try await run("CREATE TABLE land (id int); CREATE VIEW v AS SELECT id FROM land", on: database)
            let text = await Invocation.run(["snapshot", "--url", url(database)])
            #expect(text.output.contains("table public.land\n  column id: integer\n"), "\(text.output)")
            let yaml = await Invocation.run(["snapshot", "--url", url(database), "-o", "yaml"])
            let fingerprint = text.output.split(separator: "\n").first?.split(separator: " ").last ?? "?"
            #expect(fingerprint.count == 64 && yaml.output.contains(fingerprint))
        }
    }

    @Test("A file that is no snapshot is refused, and so is one that is not there")
    func files() async throws {
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/wrong.json"
            try "{}".write(toFile: file, atomically: true, encoding: .utf8)
            let wrong = await Invocation.run(["diff", "--reference-snapshot", file])
            #expect(wrong.status == .invalid && wrong.talk.contains("\"format\" is missing"), "\(wrong.talk)")
            #expect(await Invocation.run(["diff", "--reference-snapshot", file + "x"]).status == .notFound)
        }
    }
}
