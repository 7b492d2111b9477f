import PostgresClient
import TestSupport
import Testing

@testable import ChangelogLint

/// What rules say of locks and rewrites is what PostgreSQL does.
@Suite struct RealServerTests {
    private static let objects = """
        CREATE SCHEMA s;
        CREATE TABLE t (id int NOT NULL, name varchar(20), amount numeric(10,2), made date);
        CREATE TABLE s.other (id bigint PRIMARY KEY);
        CREATE INDEX t_name ON t (name);
        CREATE INDEX other_id ON s.other (id);
        CREATE VIEW v AS SELECT 1 AS a;
        CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
        CREATE TYPE e AS ENUM ('a');
        CREATE DOMAIN d AS int;
        """
    /// Rules whose cases cannot run in a transaction, or need objects that are not worth making.
    private static let unproved: Set = ["non-concurrent-detach"]

    /// Calls `body` in a transaction of a database with the objects; nothing that it does stays.
    private func inTransaction<Result: Sendable>(
        _ connection: PostgresConnection, _ body: () async throws -> Result
    ) async throws -> Result {
        try await connection.execute("BEGIN")
        do {
            let result = try await body()
            try await connection.execute("ROLLBACK")
            return result
        } catch {
            try await connection.execute("ROLLBACK")
            throw error
        }
    }

    @Test("a rule that names a lock is about statements that take it")
    func locks() async throws {
        try await withDatabase { database in
            let connection = try await PostgresConnection.open(database)
            try await connection.execute(Self.objects)
            for rule in LintRules.all.map(\.description) where !Self.unproved.contains(rule.name) {
                guard let lock = rule.lock else { continue }
                var taken: Set<String> = []
                for sql in RuleCases.all.filter({ $0.rule == rule.name }).flatMap(\.against) {
                    let modes = try? await inTransaction(connection) {
                        let oids = try await connection.execute(
                            """
                            SELECT string_agg(c.oid::text, ',') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                            WHERE nspname IN ('public', 's')
                            """
                        ).single().string(0)
                        try await connection.execute(sql)
                        return try await connection.execute(
                            "SELECT DISTINCT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IN (\(oids))"
                        ).map { try $0.string(0) }
                    }
                    taken.formUnion(modes ?? [])
                }
                let name = lock.rawValue.split(separator: " ").map(\.capitalized).joined() + "Lock"
                #expect(taken.contains(name), "\(rule.name) says \(name), its cases take \(taken.sorted())")
            }
            await connection.close()
        }
    }

    @Test("a change that is said to write the table anew does, and one that is content with does not")
    func rewrites() async throws {
        try await withDatabase { database in
            let connection = try await PostgresConnection.open(database)
            try await connection.execute(Self.objects)
            func isRewritten(_ sql: String) async throws -> Bool {
                try await inTransaction(connection) {
                    let file = "SELECT pg_relation_filenode('t')::text"
                    let before = try await connection.execute(file).single().string(0)
                    try await connection.execute(sql)
                    return try await connection.execute(file).single().string(0) != before
                }
            }
            let rules: Set = ["rewriting-type-change", "rewriting-new-column"]
            for cases in RuleCases.all where rules.contains(cases.rule) {
                for sql in cases.against where !sql.contains("unknown") && !sql.contains("my.function") {
                    #expect(try await isRewritten(sql), "\(sql) leaves the table as it is")
                }
                for sql in cases.content {
                    #expect(try await !isRewritten(sql), "\(sql) writes the table anew")
                }
            }
            await connection.close()
        }
    }

    @Test("what is said to be refused inside a transaction is")
    func outsideTransaction() async throws {
        try await withDatabase { database in
            let connection = try await PostgresConnection.open(database)
            try await connection.execute(Self.objects)
            let cases = RuleCases.all.filter { $0.rule == "statement-outside-transaction" && $0.attributes.isEmpty }
            for sql in cases.flatMap(\.against) where !sql.contains("DETACH") {
                let error = await #expect(throws: PostgresError.self) {
                    try await inTransaction(connection) { _ = try await connection.execute(sql) }
                }
                #expect(error?.sqlState == "25001", "\(sql): \(String(describing: error))")
            }
            await connection.close()
        }
    }
}

extension Substring {
    /// The first letter large, the others small.
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
