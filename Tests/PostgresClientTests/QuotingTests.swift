import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct QuotingTests {
    static let hostile = [
        "plain", "with \"double\" and 'single' quotes", "'; DROP TABLE x; --", "\\", "\\'; SELECT 1; --", "trailing \\",
        "ünïcode 🐘", "'\u{301}", "\"\u{301}", "line\nbreak\ttab", "$$ $1 ${x}", "E'\\x41'", "\u{200F}rtl", "%s %I",
    ]

    @Test("A quoted text is that text to the server, whatever it contains and however the session reads backslashes")
    func literals() async throws {
        try await withConnection { connection in
            for setting in ["on", "off"] {
                try await connection.execute("SET standard_conforming_strings = \(setting)")
                for text in Self.hostile {
                    let row = try await connection.execute("SELECT\(try SQL.literal(text)) AS a").single()
                    #expect(try row.string(0) == text)
                }
            }
        }
    }

    @Test("A quoted name is that name to the server", arguments: hostile)
    func identifiers(name: String) async throws {
        try await withConnection { connection in
            let rows = try await connection.execute("SELECT 1 AS \(try SQL.identifier(name))")
            #expect(rows.columns == [name])
        }
    }

    @Test("NUL and the empty name are refused")
    func refused() {
        #expect(throws: PostgresError.self) { try SQL.literal("a\0b") }
        #expect(throws: PostgresError.self) { try SQL.identifier("a\0b") }
        #expect(throws: PostgresError.self) { try SQL.identifier("") }
    }
}
