import Diagnostics
import Foundation
import PostgresClient
import Terminal
import TestSupport
import Testing

@testable import ChangelogCommands

/// What a person does when a deploy has failed half-way.
@Suite struct RecoveryCommandTests {
    private static let sql = """
        --liquibase formatted sql

        --changeset ada:1 runInTransaction:false
        create table t (a int);
        insert into t values (1), (1);
        create unique index concurrently t_a on t (a);
        insert into t values (7);

        """

    private static let xml = """
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
          xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
          http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
          <changeSet id="1" author="ada" runInTransaction="false">
            <sql>create table t (a int)</sql>
            <sql>insert into t values (1), (1)</sql>
            <sql>create unique index concurrently t_a on t (a)</sql>
          </changeSet>
        </databaseChangeLog>
        """

    private struct World {
        let directory: String
        let file: String
        let url: String
        let connection: PostgresConnection

        func sluice(_ command: String, _ more: String...) async -> Invocation {
            await .run(
                [command, "--search-path", directory, "--changelog-file", file] + more,
                environment: [
                    "SLUICE_DATABASE_URL": url, "SLUICE_ATTEMPTS_LOG": "\(directory)/attempts.ndjson", "USER": "ada",
                ])
        }

        func text() throws -> String { try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8) }
    }

    /// A changelog that has failed at its third statement.
    private func withFailed(_ file: String, _ text: String, _ body: (World) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try write([file: text], below: directory)
            try await withDatabase { database in
                let connection = try await PostgresConnection.open(database)
                let user = "host=\(database.host) port=\(database.port) user=\(database.user)"
                let world = World(
                    directory: directory, file: file,
                    url: "\(user) password=\(database.password?.reveal() ?? "") dbname=\(database.database)",
                    connection: connection)
                #expect(await world.sluice("update").status == .invalid)
                try await body(world)
                await connection.close()
            }
        }
    }

    @Test("explain-failure tells how far it came, what is left and what can be done")
    func explain() async throws {
        try await withFailed("main.sql", Self.sql) { world in
            let answer = await world.sluice("explain-failure")
            #expect(answer.status == .ok, "\(answer.talk)")
            let lines = answer.output.split(separator: "\n").map(String.init)
            #expect(
                lines.first == """
                    changeset main.sql::1::ada: 2 of 4 statements applied, failed at 3 (main.sql:6) 23505; \
                    left behind: table t, INVALID index public.t_a
                    """)
            #expect(lines.contains("  2  applied  main.sql:5: insert into t values (1), (1)"))
            #expect(lines.contains { $0.hasPrefix("  3  failed  main.sql:6:") })
            #expect(lines.contains { $0.contains("goes on at statement 3") })
            #expect(
                lines.last?.contains("failed at statement 3 of 4 (main.sql:6) 23505: could not create unique") == true)
        }
    }

    @Test("resume goes on behind what is applied; a dry run says what it would run, and runs nothing")
    func resume() async throws {
        try await withFailed("main.sql", Self.sql) { world in
            try await world.connection.execute("DELETE FROM t WHERE ctid = (SELECT max(ctid) FROM t)")
            let dry = await world.sluice("resume", "--dry-run")
            #expect(dry.output.contains("would go on at statement 3"))
            #expect(dry.output.contains("create unique index concurrently t_a on t (a);\ninsert into t values (7);"))
            #expect(await world.sluice("resume").output == "changesets completed: 1\n")
            #expect(try await world.connection.execute("SELECT sum(a) FROM t").single().int(0) == 8)
            #expect(await world.sluice("explain-failure").output.isEmpty)
        }
    }

    @Test("restore says which of the statements cannot be taken back, and takes back when all can")
    func restore() async throws {
        try await withFailed("main.sql", Self.sql) { world in
            let refused = await world.sluice("restore")
            #expect(refused.status == .invalid && refused.talk.contains("statement 2 has no known inverse"))
            let forgotten = await world.sluice("forget", "--changeset", "main.sql::1::ada", "--reason", "by hand")
            #expect(forgotten.output == "main.sql::1::ada: forgotten\n")
            let unknown = await world.sluice("mark-applied", "--changeset", "main.sql::1::ad", "--reason", "x")
            #expect(unknown.status == .notFound && unknown.talk.contains("did you mean main.sql::1::ada?"))
            _ = await world.sluice("mark-applied", "--changeset", "main.sql::1::ada", "--reason", "by hand")
            #expect(await world.sluice("status").output.isEmpty)
        }
        let rollback = Self.sql + "--rollback drop table t;\n"
        try await withFailed("main.sql", rollback) { world in
            let dry = await world.sluice("restore", "--dry-run")
            #expect(dry.output == "DROP INDEX CONCURRENTLY IF EXISTS public.t_a;\ndrop table t;\n", "\(dry.talk)")
            #expect(await world.sluice("restore").output == "changesets taken back: 1\n")
            let isGone = try await world.connection.execute("SELECT to_regclass('t') IS NULL").single().bool(0)
            #expect(isGone)
        }
    }

    @Test(
        "split makes two of the changeset in formatted SQL and in XML, notes the first and leaves the second to update")
    func split() async throws {
        let prefixed = Self.xml.replacing("xmlns=", with: "xmlns:lb=").replacing("<", with: "<lb:")
            .replacing("<lb:/", with: "</lb:")
        for (file, text) in [("main.sql", Self.sql), ("main.xml", Self.xml), ("main.xml", prefixed)] {
            try await withFailed(file, text) { world in
                let dry = await world.sluice("split", "--dry-run")
                #expect(dry.status == .ok && dry.output.contains("1-rest"), "\(dry.talk)")
                #expect(try world.text() == text)
                let split = await world.sluice("split")
                #expect(split.status == .ok, "\(split.talk)")
                let status = await world.sluice("status")
                #expect(status.output.contains("\(file)::1-rest::ada"), "\(status.talk)")
                #expect(status.output.split(separator: "\n").count == 1)
                try await world.connection.execute("DELETE FROM t WHERE ctid = (SELECT max(ctid) FROM t)")
                let update = await world.sluice("update")
                #expect(update.status == .ok, "\(update.talk)")
                let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_a'::regclass"
                #expect(try await world.connection.execute(valid).single().bool(0))
            }
        }
    }
}
