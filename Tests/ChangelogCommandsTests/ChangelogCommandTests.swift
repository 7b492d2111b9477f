import Diagnostics
import Foundation
import PostgresClient
import Terminal
import TestSupport
import Testing

@testable import ChangelogCommands

@Suite("Changelogs without a controller")
struct ChangelogCommandTests {
    private static let changelog = """
        --liquibase formatted sql

        --changeset ada:1
        create table parcel (id int primary key, note text default '${note}');
        --rollback drop table parcel;

        --changeset ada:2 context:later
        create table later (id int);

        """

    private func withChangelog(
        _ text: String = changelog,
        _ body: (_ directory: String, _ url: String, _ database: PostgresConfiguration) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try write(["main.sql": text], below: directory)
            try await withDatabase { database in
                let user = "host=\(database.host) port=\(database.port) user=\(database.user)"
                let url = "\(user) password=\(database.password?.reveal() ?? "") dbname=\(database.database)"
                try await body(directory, url, database)
            }
        }
    }

    @Test("What status lists, update applies, once; rollback takes it back")
    func roundTrip() async throws {
        try await withChangelog { directory, url, database in
            func sluice(_ command: String, _ more: String...) async -> Invocation {
                await .run(
                    [command, "--search-path", directory, "--changelog-file", "main.sql"]
                        + ["--contexts", "now", "-Dnote=green"] + more, environment: ["SLUICE_DATABASE_URL": url])
            }
            #expect(await sluice("status").output == "main.sql:3:1: main.sql::1::ada\n")
            #expect(await sluice("update-sql").output.contains("create table parcel"))
            let update = await sluice("update")
            #expect(update.status == .ok && update.output == "changesets: 1 ran\n", "\(update.talk)")
            #expect(await sluice("update").output == "changesets: 1 had run before\n")
            #expect(await sluice("status").output.isEmpty)
            let connection = try await PostgresConnection.open(database)
            let note = try await connection.query("INSERT INTO parcel VALUES (1) RETURNING note").single().string(0)
            await connection.close()
            #expect(note == "green")
            #expect(await sluice("rollback-count", "--count=1").output == "changesets taken back: 1\n")
        }
    }

    @Test("Validation needs no database, and names file and line")
    func validate() async throws {
        try await withTemporaryDirectory { directory in
            try write(
                ["good.sql": Self.changelog, "bad.yaml": "databaseChangeLog:\n  - changeSet:\n      author: ada\n"],
                below: directory)
            let good = await Invocation.run(
                ["validate", "--search-path", directory, "--changelog-file", "good.sql"])
            #expect(good.status == .ok && good.output == "good.sql is valid: 2 changesets\n")
            let bad = await Invocation.run(
                ["validate", "--search-path", directory, "--changelog-file", "bad.yaml"])
            #expect(bad.status == .invalid && bad.talk.contains("bad.yaml:"), "\(bad.talk)")
        }
    }

    @Test("A statement that fails says where it stands and what the server said")
    func failure() async throws {
        let text = "--liquibase formatted sql\n--changeset ada:1\nselect * from nowhere;\n"
        try await withChangelog(text) { directory, url, _ in
            let result = await Invocation.run(
                ["update", "--search-path", directory, "--changelog-file", "main.sql"],
                environment: ["SLUICE_DATABASE_URL": url])
            #expect(result.status == .invalid)
            #expect(result.talk.contains("main.sql:3") && result.talk.contains("nowhere"), "\(result.talk)")
        }
    }
}
