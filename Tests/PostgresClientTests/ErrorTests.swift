import Diagnostics
import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ErrorTests {
    @Test("An error has what the server said, and its safe rendering has no data and no parameters")
    func fields() async throws {
        try await withConnection { connection in
            try await connection.execute(
                "CREATE TABLE person (name text CONSTRAINT person_name_key UNIQUE); INSERT INTO person VALUES ('Ada')")
            let error = try #require(
                await #expect(throws: PostgresError.self) {
                    try await connection.query("INSERT INTO person VALUES ($1)", ["Ada"])
                })
            #expect(error.kind == .server)
            #expect(error.sqlState == "23505")
            #expect(error.constraintName == "person_name_key")
            #expect(error.tableName == "person")
            #expect(error.schemaName == "public")
            #expect(error.detail?.contains("Ada") == true)
            #expect(!error.description.contains("Ada"))
            #expect(error.description.hasPrefix("ERROR 23505: "))
            #expect(error.debugDescription.contains("Ada"))
            #expect(error.sluiceError.code == "postgres.statement-failed")
            #expect(error.sluiceError.kind == .stalled)
        }
    }

    @Test("The position of an error counts characters, and a hint is kept")
    func position() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (colour text)")
            let error = await #expect(throws: PostgresError.self) {
                try await connection.query("SELECT 'äöü🐘', color FROM t WHERE $1", [true])
            }
            #expect(error?.sqlState == "42703")
            #expect(error?.position == 16)
            #expect(error?.hint?.contains("colour") == true)
        }
    }

    @Test("A session that is refused says so without naming the host or the password")
    func connectError() async throws {
        let configuration = try await TestPostgres.shared().configuration
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection.open(configuration.with(user: "nobody", password: .init("hunter2")))
        }
        #expect(error?.kind == .connect)
        #expect(error?.description.contains(configuration.host) == false)
        #expect(error?.debugDescription.contains("hunter2") == false)
        #expect(error?.detail?.contains("authentication failed") == true)
        #expect(error?.sluiceError.kind == .transient)
    }

    @Test("Deadlocks, lost sessions and objects in use are worth another attempt; syntax errors are not")
    func transience() {
        func error(_ state: String) -> PostgresError {
            var error = PostgresError(.server, "x")
            error.sqlState = state
            return error
        }
        for state in ["40P01", "40001", "55006", "53300", "57P01"] { #expect(error(state).isTransient) }
        for state in ["42601", "23505", "57014", "42P01"] { #expect(!error(state).isTransient) }
    }

    @Test("Notices are kept, the latest thousand of a flood")
    func notices() async throws {
        try await withConnection { connection in
            _ = connection.takeNotices()
            try await connection.execute("DO $$ BEGIN RAISE NOTICE 'hello %', 1; RAISE WARNING 'careful'; END $$")
            let notices = connection.takeNotices()
            #expect(notices.map(\.message) == ["hello 1", "careful"])
            #expect(notices.map(\.severity) == ["NOTICE", "WARNING"])
            #expect(connection.takeNotices().isEmpty)
            try await connection.execute("DO $$ BEGIN FOR i IN 1..5000 LOOP RAISE NOTICE '%', i; END LOOP; END $$")
            let flood = connection.takeNotices()
            #expect(flood.count == 1000)
            #expect(flood.last?.message == "5000")
        }
    }
}
