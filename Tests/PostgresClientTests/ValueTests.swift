import Foundation
import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ValueTests {
    @Test("Every type of parameter comes back as it went")
    func roundTrip() async throws {
        try await withConnection { connection in
            let date = Date(timeIntervalSince1970: 1_795_183_387.123456)
            let uuid = UUID()
            let row = try await connection.query(
                """
                SELECT $1::text AS text, $2::int4 AS small, $3::int8 AS big, $4::bool AS yes, $5::float8 AS number,
                       $6::bytea AS bytes, $7::text[] AS texts, $8::timestamptz AS time, $9::uuid AS uuid,
                       $10::text AS nothing, $11::int8[] AS numbers
                """,
                [
                    "ümlaut 'quoted' \\ back", 7, Int64.max, true, 0.1, [UInt8](0...255),
                    ["a", "", "NULL", "with \"quotes\", {braces} and \\"], date, uuid, String?.none, [1, -2],
                ]
            ).single()
            #expect(try row.string("text") == "ümlaut 'quoted' \\ back")
            #expect(try row.int("small") == 7)
            #expect(try row.int64("big") == Int64.max)
            #expect(try row.bool("yes"))
            #expect(try row.double("number") == 0.1)
            #expect(try row.bytes("bytes") == [UInt8](0...255))
            #expect(try row.strings("texts") == ["a", "", "NULL", "with \"quotes\", {braces} and \\"])
            #expect(abs(try row.date("time").timeIntervalSince(date)) < 0.000_001)
            #expect(try row.value("uuid", as: UUID.self) == uuid)
            #expect(try row.optionalString("nothing") == nil)
            #expect(try row.strings("numbers") == ["1", "-2"])
            #expect(try row.string(0) == "ümlaut 'quoted' \\ back")
        }
    }

    @Test("Text with a NUL is refused before it is sent, in statements and in parameters")
    func nul() async throws {
        try await withConnection { connection in
            for (sql, parameter) in [("SELECT '\0'", "x"), ("SELECT $1::text", "a\0b")] {
                let error = await #expect(throws: PostgresError.self) { try await connection.query(sql, [parameter]) }
                #expect(error?.kind == .invalidArgument)
            }
            await #expect(throws: PostgresError.self) { try await connection.runScript("SELECT 1;\0 DROP TABLE x") }
            let answer = try await connection.query("SELECT 1").single().int(0)
            #expect(answer == 1)
        }
    }

    @Test("A value of another type, a NULL and an unknown column are decoding errors that do not show the value")
    func decodingErrors() async throws {
        try await withConnection { connection in
            let row = try await connection.query("SELECT 'secret'::text AS a, NULL AS b").single()
            for read in [{ try row.int("a") }, { try row.int("b") }, { try row.int("c") }, { try row.int(9) }] {
                let error = #expect(throws: PostgresError.self) { try read() }
                #expect(error?.kind == .decoding)
                #expect(error?.description.contains("secret") == false)
            }
        }
    }

    @Test("A result says its columns, its command and how many rows it concerned")
    func metadata() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TEMP TABLE t (a int)")
            let insert = try await connection.query("INSERT INTO t SELECT generate_series(1, $1)", [5])
            #expect(insert.affected == 5)
            #expect(insert.commandTag == "INSERT 0 5")
            #expect(insert.isEmpty)
            let rows = try await connection.query("SELECT a, a * 2 AS b FROM t ORDER BY a")
            #expect(rows.columns == ["a", "b"])
            let numbers = try rows.map { try $0.int("b") }
            #expect(numbers == [2, 4, 6, 8, 10])
        }
    }

    @Test("Bytes that are no UTF-8 can be read as bytes and are refused as text", arguments: ["SQL_ASCII"])
    func invalidEncoding(encoding: String) async throws {
        try await withConnection { connection in
            try await connection.execute("SET client_encoding = \(encoding)")
            let row = try await connection.query("SELECT convert_from('\\xc3a4'::bytea, 'UTF8') AS a").single()
            #expect(try row.string("a") == "ä")
        }
    }
}
