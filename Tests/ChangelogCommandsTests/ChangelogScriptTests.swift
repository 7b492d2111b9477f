import Diagnostics
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import ChangelogCommands
@testable import Terminal

@Suite("What changelog commands print, and do to the books")
struct ChangelogScriptTests {
    private static let changelog = """
        --liquibase formatted sql

        --changeset ada:1
        create table parcel (id int primary key); -- a comment at the end
        --rollback drop table parcel;

        --changeset ada:2
        create table visit (id int);
        create function twice(n int) returns int language sql as 'select n * 2';
        --rollback drop function twice(int); drop table visit;

        --changeset ada:3
        create table later (id int);
        --rollback drop table later;

        """

    /// Runs commands on a database of their own.
    private func withChangelog(
        _ body: (_ sluice: ([String]) async -> Invocation, _ connection: PostgresConnection) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try write(["main.sql": Self.changelog], below: directory)
            try await withDatabase { database in
                let login = "host=\(database.host) port=\(database.port) user=\(database.user)"
                let url = "\(login) password=\(database.password?.reveal() ?? "") dbname=\(database.database)"
                let connection = try await PostgresConnection.open(database)
                let sluice = { (words: [String]) async -> Invocation in
                    await .run(
                        ["--search-path", directory, "--changelog-file", "main.sql"] + words,
                        environment: ["SLUICE_DATABASE_URL": url])
                }
                do {
                    try await body(sluice, connection)
                } catch {
                    await connection.close()
                    throw error
                }
                await connection.close()
            }
        }
    }

    /// The tables, functions and rows of the books.
    private func state(_ connection: PostgresConnection) async throws -> [String] {
        try await connection.execute(
            """
            SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            UNION ALL SELECT concat_ws('/', id, exectype, md5sum, orderexecuted) FROM databasechangelog ORDER BY 1
            """
        ).map { try $0.string(0) }
    }

    @Test("Output that cannot be written is an error: half a script is none")
    func fullDisk() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let failure = #expect(throws: CommandFailure.self) {
            try Console.write("SELECT 1;\n", to: full.fileDescriptor)
        }
        #expect(failure?.status == .internalError && failure?.message.contains("No space left") == true)
    }

    @Test("Each script does what its command does, and printing it changes nothing")
    func scripts() async throws {
        let commands = [
            ["update-count", "--count=2"], ["rollback-count", "--count=1"], ["update-to-tag", "--tag=none"],
            ["rollback-to-date", "--date=2020-01-01"], ["mark-next-changeset-ran"], ["changelog-sync"],
        ]
        var ofCommands: [[String]] = []
        try await withChangelog { sluice, connection in
            for command in commands {
                let done = await sluice(command)
                #expect(done.status == .ok, "\(done.talk)")
                ofCommands.append(try await state(connection))
            }
        }
        var ofScripts: [[String]] = []
        try await withChangelog { sluice, connection in
            for command in commands {
                let script = await sluice(["\(command[0])-sql"] + command.dropFirst())
                #expect(script.status == .ok, "\(script.talk)")
                try await connection.runScript(script.output)
                ofScripts.append(try await state(connection))
            }
        }
        #expect(ofCommands == ofScripts)
        #expect(ofCommands[3].count == 2 && ofCommands[5].count == 5, "\(ofCommands)")
    }

    @Test("A script names its changesets in comments that no name can leave")
    func comments() async throws {
        try await withChangelog { sluice, connection in
            _ = await sluice(["update"])
            let script = await sluice(["rollback-count-sql", "1"])
            #expect(script.output.contains("-- Rolling Back ChangeSet: main.sql::3::ada\ndrop table later;"))
            let future = await sluice(["future-rollback-sql"])
            #expect(future.status == .ok && !future.output.contains("Rolling Back"))
            let now = try await state(connection)
            #expect(now.count == 9)
        }
    }

    @Test("History is told by deployment, in words, in columns and as JSON")
    func history() async throws {
        try await withChangelog { sluice, _ in
            #expect(await sluice(["history"]).output.isEmpty)
            _ = await sluice(["updateCount", "1"])
            _ = await sluice(["tag", "v1"])
            _ = await sluice(["update"])
            let table = await sluice(["history"]).output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(table.filter { $0.hasPrefix("Deployment ID") }.count == 2 && table.count == 7, "\(table)")
            #expect(await sluice(["history", "--format=text"]).output.contains("Applied 2 changeset(s)"))
            let tagged = await sluice(["history", "--show-tags", "-o", "json"]).output
            #expect(tagged.contains("\"tag\" : \"v1\"") && !tagged.contains("\"id\" : \"2\""))
            #expect(await sluice(["tag-exists", "v1"]).output == "true\n")
            #expect(await sluice(["tag-exists", "v2"]).output == "false\n")
        }
    }

    @Test("Going back to a tag means its oldest changeset, unless the newest is asked for")
    func tagVersions() async throws {
        try await withChangelog { sluice, _ in
            for _ in 1...3 {
                _ = await sluice(["update-count", "1"])
                _ = await sluice(["tag", "same"])
            }
            #expect(await sluice(["rollback", "--tag=SAME", "--tag-version=newest"]).output.hasSuffix(": 0\n"))
            #expect(await sluice(["rollback", "same"]).output == "changesets taken back: 2\n")
            #expect(await sluice(["rollback", "other"]).status == .invalid)
        }
    }

    @Test("Checksums are cleared, calculated, and noted anew")
    func checksums() async throws {
        try await withChangelog { sluice, connection in
            _ = await sluice(["update"])
            let before = try await state(connection)
            let sum = await sluice(["calculateCheckSum", "main.sql::1::ada"]).output
            #expect(sum.hasPrefix("9:") && before.contains { $0.contains(sum.dropLast()) })
            #expect(await sluice(["clearCheckSums"]).status == .ok)
            #expect(try await state(connection) != before)
            #expect(await sluice(["update"]).status == .ok)
            #expect(try await state(connection) == before)
            #expect(await sluice(["calculate-checksum", "main.sql::9::ada"]).status == .notFound)
        }
    }

    @Test("What ran and is no longer in the changelog is listed, and stays at a rollback without counting")
    func unexpected() async throws {
        try await withChangelog { sluice, connection in
            _ = await sluice(["update"])
            try await connection.runScript(
                "UPDATE databasechangelog SET filename = 'gone.sql' WHERE id = '3'")
            #expect(await sluice(["unexpected-changesets"]).output == "gone.sql::3::ada\n")
            #expect(await sluice(["rollback-count", "1"]).output == "changesets taken back: 1\n")
            #expect(try await state(connection).filter { $0.contains("/") }.count == 2)
        }
    }

    @Test("A test of the rollbacks leaves everything applied")
    func testingRollback() async throws {
        try await withChangelog { sluice, connection in
            let done = await sluice(["update-testing-rollback"])
            #expect(done.output == "changesets: 3 ran\nchangesets taken back: 3\nchangesets: 3 ran\n", "\(done.talk)")
            let now = try await state(connection)
            #expect(now.filter { $0.contains("/") }.count == 3)
        }
    }

    @Test("Data goes into the file that is named")
    func outputFile() async throws {
        try await withTemporaryDirectory { directory in
            try await withChangelog { sluice, _ in
                let file = "\(directory)/script.sql"
                let done = await sluice(["--output-file", file, "update-sql"])
                #expect(done.status == .ok && done.output.isEmpty, "\(done.talk)")
                let text = try String(contentsOfFile: file, encoding: .utf8)
                #expect(text.contains("create table parcel"))
            }
        }
    }

    @Test("Everything in the schema is dropped, and nothing that reaches into another schema")
    func dropAll() async throws {
        try await withChangelog { sluice, connection in
            _ = await sluice(["update"])
            try await connection.runScript(
                """
                CREATE TYPE colour AS ENUM ('red'); CREATE VIEW all_visits AS SELECT * FROM visit;
                CREATE SCHEMA other; CREATE VIEW other.parcels AS SELECT * FROM parcel
                """)
            let refused = await sluice(["drop-all"])
            #expect(refused.status == .invalid && refused.talk.contains("other.parcels"), "\(refused.talk)")
            #expect(try await state(connection).count == 9)
            try await connection.runScript("DROP VIEW other.parcels; CREATE TABLE other.kept (id int)")
            #expect(await sluice(["dropAll", "--force=true"]).status == .ok)
            let left = try await connection.execute(
                """
                SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace
                UNION ALL SELECT count(*) FROM pg_class WHERE oid = 'other.kept'::regclass
                """
            ).map { try $0.int(0) }
            #expect(left == [0, 1])
            #expect(await sluice(["update"]).output == "changesets: 3 ran\n")
        }
    }

    @Test("A wrong option beside a password shows nothing of it")
    func secrets() async {
        let result = await Invocation.run([
            "list-locks", "--url", "jdbc:postgresql://127.0.0.1:1/d?user=u&password=s3cret", "--password=s3cret",
            "--nope",
        ])
        #expect(result.status == .usage && !result.talk.contains("s3cret"), "\(result.talk)")
        let refused = await Invocation.run(
            ["list-locks", "--password=s3cret"],
            environment: ["LIQUIBASE_COMMAND_URL": "jdbc:postgresql://127.0.0.1:1/d?password=s3cret"])
        #expect(refused.status == .unreachable && !refused.talk.contains("s3cret"), "\(refused.talk)")
    }

    @Test("A person at a terminal has to say that everything is to go")
    func dropAllAtTerminal() async {
        let refused = await Invocation.run(["drop-all", "--url", "postgresql://localhost/none"], interactive: true)
        #expect(refused.status == .usage && refused.talk.contains("--force"), "\(refused.talk)")
    }
}
