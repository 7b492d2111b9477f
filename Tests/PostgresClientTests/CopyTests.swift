import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct CopyTests {
    private struct Refusal: Error {}

    private func withTable(_ body: (PostgresConnection) async throws -> Void) async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE t (a int, b text)")
            try await body(connection)
        }
    }

    @Test("What goes in by COPY comes out by COPY, byte by byte")
    func roundTrip() async throws {
        try await withTable { connection in
            let data = (1...50_000).flatMap { Array("\($0)\trow number \($0)\n".utf8) }
            // Pieces that end in the middle of rows.
            let pieces = stride(from: 0, to: data.count, by: 7919).map { Array(data[$0..<min($0 + 7919, data.count)]) }
            #expect(try await connection.copyIn("COPY t FROM STDIN", from: pieces) == 50_000)
            var back: [UInt8] = []
            let count = try await connection.copyOut("COPY (SELECT * FROM t ORDER BY a) TO STDOUT") { back += $0 }
            #expect(count == 50_000)
            #expect(back == data)
            #expect(try await connection.query("SELECT count(*) FROM t").single().int(0) == 50_000)
        }
    }

    @Test("A source that fails leaves no row, and the error is the source's")
    func failingSource() async throws {
        try await withTable { connection in
            let source = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(Array("1\tone\n".utf8))
                continuation.finish(throwing: Refusal())
            }
            await #expect(throws: Refusal.self) { try await connection.copyIn("COPY t FROM STDIN", from: source) }
            let answer = try await connection.query("SELECT count(*) FROM t").single().int(0)
            #expect(answer == 0)
        }
    }

    @Test("Data that the server refuses is the server's error, with the line in its context")
    func badData() async throws {
        try await withTable { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.copyIn("COPY t FROM STDIN", from: [Array("1\tone\nx\ttwo\n".utf8)])
            }
            #expect(error?.sqlState == "22P02")
            #expect(error?.context?.contains("line 2") == true)
            let answer = try await connection.query("SELECT 1").single().int(0)
            #expect(answer == 1)
        }
    }

    @Test("A cancelled copy into a table leaves no row")
    func cancelled() async throws {
        try await withTable { connection in
            let (source, feed) = AsyncStream<[UInt8]>.makeStream()
            let (taken, signal) = AsyncStream<Void>.makeStream()
            let watched = source.map { piece in
                signal.finish()
                return piece
            }
            feed.yield(Array("1\tone\n".utf8))
            let task = Task { try await connection.copyIn("COPY t FROM STDIN", from: watched) }
            for await _ in taken {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let answer = try await connection.query("SELECT count(*) FROM t").single().int(0)
            #expect(answer == 0)
        }
    }

    @Test("A receiver that has enough stops the copy, and the connection goes on")
    func failingReceiver() async throws {
        try await withTable { connection in
            await #expect(throws: Refusal.self) {
                try await connection.copyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT") { _ in
                    throw Refusal()
                }
            }
            let answer = try await connection.query("SELECT 1").single().int(0)
            #expect(answer == 1)
        }
    }

    @Test("While a copy runs the connection takes nothing else")
    func busy() async throws {
        try await withTable { connection in
            try await connection.copyOut("COPY (SELECT 1) TO STDOUT") { _ in
                let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
                #expect(error?.kind == .protocolViolation)
            }
        }
    }

    @Test(
        "What is no COPY in that direction is refused, and the connection goes on",
        arguments: ["SELECT 1", "COPY t FROM STDIN", "COPY t TO STDOUT", "SELEKT"])
    func wrongStatement(sql: String) async throws {
        try await withTable { connection in
            if sql != "COPY t FROM STDIN" {
                await #expect(throws: PostgresError.self) { try await connection.copyIn(sql, from: []) }
            }
            if sql != "COPY t TO STDOUT" {
                await #expect(throws: PostgresError.self) { try await connection.copyOut(sql) { _ in } }
            }
            let answer = try await connection.query("SELECT 1").single().int(0)
            #expect(answer == 1)
        }
    }
}
