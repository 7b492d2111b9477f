import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct PipelineTests {
    @Test("A pipeline gives one result a statement, in their order, also when they fill every buffer")
    func results() async throws {
        try await withConnection { connection in
            let padding = String(repeating: "x", count: 2000)
            let statements = (0..<5000).map { PostgresStatement("SELECT $1::int, $2::text", [$0, padding]) }
            let results = try await connection.pipeline(statements)
            let numbers = try results.map { try $0.single().int(0) }
            #expect(numbers == Array(0..<5000))
            #expect(try await connection.pipeline([]).isEmpty)
            #expect(try await connection.query("SELECT 1").single().int(0) == 1)
        }
    }

    @Test("A pipeline behind a script gives whole results too")
    func behindScript() async throws {
        try await withConnection { connection in
            try await connection.runScript("SELECT 1; SELECT 2")
            let results = try await connection.pipeline([
                .init("SELECT * FROM generate_series(1, 3)"), .init("SELECT 4"),
            ])
            #expect(try results.map { try $0.map { try $0.int(0) } } == [[1, 2, 3], [4]])
        }
    }

    @Test("A pipeline of which one statement fails says which, leaves nothing, and the connection goes on")
    func failure() async throws {
        try await withConnection { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.pipeline([
                    .init("CREATE TABLE t (a int)"), .init("INSERT INTO t VALUES ($1)", [1]), .init("SELECT 1/0"),
                    .init("SELECT 2"),
                ])
            }
            #expect(error?.sqlState == "22012")
            #expect(error?.statementIndex == 2)
            let answer = try await connection.query("SELECT to_regclass('t') IS NULL").single().bool(0)
            #expect(answer)
            let next = try await connection.pipeline([.init("SELECT 7")]).first?.single().int(0)
            #expect(next == 7)
        }
    }

    @Test("A pipeline whose deadline passes is cancelled, and the connection goes on")
    func deadline() async throws {
        try await withConnection { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.pipeline(
                    [.init("SELECT 1"), .init("SELECT pg_sleep(60)"), .init("SELECT 2")], deadline: .milliseconds(50))
            }
            #expect(error?.kind == .timeout)
            let answer = try await connection.query("SELECT 1").single().int(0)
            #expect(answer == 1)
        }
    }

    @Test("COPY in a pipeline is refused and costs the connection")
    func copy() async throws {
        try await withConnection { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.pipeline([.init("COPY (SELECT 1) TO STDOUT")])
            }
            #expect(error?.kind == .protocolViolation)
            #expect(!connection.isUsable)
        }
    }
}
