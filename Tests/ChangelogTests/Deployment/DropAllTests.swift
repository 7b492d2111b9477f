import Diagnostics
import PostgresClient
import TestSupport
import Testing

@testable import Changelog

/// What `drop-all` takes, and what it must not.
@Suite struct DropAllTests {
    /// What stands in another schema, by what it hangs on in `public`.
    private static let dependents: [(setup: String, named: String)] = [
        ("CREATE TYPE mood AS ENUM ('a'); CREATE TABLE other.t (m public.mood)", "column m of table other.t"),
        ("CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE other.t (k int REFERENCES k)", "constraint t_k_fkey"),
        ("CREATE SEQUENCE s; CREATE TABLE other.t (a int DEFAULT nextval('public.s'))", "default value for column a"),
        (
            """
            CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
            CREATE TABLE other.t (a int); CREATE TRIGGER g AFTER INSERT ON other.t EXECUTE FUNCTION f()
            """, "trigger g"
        ),
        (
            """
            CREATE FUNCTION f(n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'select 1';
            CREATE TABLE other.t (a int); CREATE INDEX i ON other.t (public.f(a))
            """, "index other.i"
        ),
        (
            """
            CREATE FUNCTION f() RETURNS boolean LANGUAGE sql AS 'select true';
            CREATE TABLE other.t (a int); CREATE POLICY p ON other.t USING (public.f())
            """, "policy p"
        ),
        ("CREATE TABLE k (a int); CREATE VIEW other.t AS SELECT * FROM k", "view other.t"),
        (
            "CREATE TYPE mood AS ENUM ('a'); CREATE TYPE other.t AS (m public.mood)",
            "column m of composite type other.t"
        ),
    ]

    @Test(
        "what another schema would lose by it, be it a part of a table, is named, and nothing is dropped",
        arguments: dependents)
    func reachesFurther(_ setup: String, _ named: String) async throws {
        try await withConnection { connection in
            try await connection.runScript("CREATE SCHEMA other; \(setup)")
            let before = try await Self.objects(connection)
            let deployer = Deployer(connection)
            try await deployer.createBooks()
            let error = await #expect(throws: SluiceError.self) { try await deployer.dropAll(in: ["public"]) }
            #expect(error?.code == "changelog.drop-reaches-further")
            #expect(error?.detail?.hasPrefix(named) == true, "\(error?.detail ?? "")")
            #expect(error?.message.hasPrefix("1 objects") == true)
            #expect(try await Self.objects(connection).isSuperset(of: before))
            try await deployer.dropAll(in: ["public", "other"])
            #expect(try await Self.objects(connection).isEmpty)
        }
    }

    @Test("another schema keeps what the dropped one pointed at, and a table of the same name")
    func keeps() async throws {
        try await withConnection { connection in
            try await connection.runScript(
                """
                CREATE SCHEMA other; CREATE TABLE other.t (id int PRIMARY KEY);
                CREATE TABLE t (id int REFERENCES other.t); SET search_path TO public, other
                """)
            try await Deployer(connection).dropAll(in: ["public"])
            #expect(try await Self.objects(connection) == ["other.t"])
        }
    }

    /// Tables, views and types of both schemas.
    private static func objects(_ connection: PostgresConnection) async throws -> Set<String> {
        let rows = try await connection.execute(
            """
            SELECT n.nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname IN ('public', 'other') AND relkind IN ('r', 'v', 'c')
            """)
        return Set(try rows.map { try $0.string(0) })
    }
}
