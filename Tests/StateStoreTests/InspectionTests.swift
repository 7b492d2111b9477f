import PostgresClient
import StateStore
import StateStoreSupport
import TestSupport
import Testing

@Suite("The store's database, looked at")
struct InspectionTests {
    @Test("A store that was just made may be written, belongs to whoever made it, and has the server's clock")
    func fresh() async throws {
        try await withStore { store in
            let seen = try await store.inspect()
            #expect(seen.mayWrite && seen.ownsAuditLog)
            #expect(seen.version >= 150_000 && seen.time > 1_700_000_000)
        }
    }

    @Test("A login that lacks a sequence, or may not read a table, may not write; one without the audit log's rows may")
    func rights() async throws {
        try await TestPostgres.shared().withPrefix { prefix in
            try await withStore { store in
                let role = try SQL.identifier("\(prefix)login")
                func grant(_ right: String) async throws { try await store.pool.query("\(right) \(role)") }
                try await store.pool.query("CREATE ROLE \(role)")
                let pool = PostgresPool(
                    configuration: store.pool.configuration.with(settings: ["role": "\(prefix)login"]), size: 1)
                let login = StateStore(pool: pool)
                try await grant("GRANT USAGE ON SCHEMA sluice TO")
                try await grant("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sluice TO")
                #expect(try await !login.inspect().mayWrite)
                try await grant("GRANT USAGE ON ALL SEQUENCES IN SCHEMA sluice TO")
                var seen = try await login.inspect()
                #expect(seen.mayWrite && seen.mayChangeAuditLog)
                try await grant("REVOKE UPDATE, DELETE ON sluice.audit_log FROM")
                seen = try await login.inspect()
                #expect(seen.mayWrite && !seen.mayChangeAuditLog)
                try await grant("REVOKE SELECT ON sluice.runs FROM")
                #expect(try await !login.inspect().mayWrite)
                await pool.close()
                try await grant("DROP OWNED BY")
            }
        }
    }

    @Test("A database without our schema is looked at all the same")
    func empty() async throws {
        try await withDatabase { configuration in
            let pool = PostgresPool(configuration: configuration, size: 1)
            let seen = try await StateStore(pool: pool).inspect()
            #expect(seen.mayWrite && !seen.ownsAuditLog && !seen.mayChangeAuditLog)
            await pool.close()
        }
    }

    @Test("Who may do what is remembered to have been said, until an operator forgets it")
    func sharing() async throws {
        try await withStore { store in
            #expect(try await !store.isShared())
            try await store.noteSharing()
            #expect(try await store.isShared())
            try await store.forgetSharing()
            #expect(try await !store.isShared())
        }
    }
}
