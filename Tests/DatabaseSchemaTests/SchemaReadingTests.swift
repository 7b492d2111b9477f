import DatabaseSchema
import Diagnostics
import Foundation
import PostgresClient
import TestSupport
import Testing

struct SchemaReadingTests {
    private func withEverything(
        _ body: (PostgresConnection, PostgresConfiguration, String) async throws -> Void
    ) async throws {
        let postgres = try await TestPostgres.shared()
        try await postgres.withPrefix { prefix in
            let name = "\(prefix)database"
            try await postgres.server.createDatabase(name, template: "template1", retryWhileTemplateBusy: .seconds(60))
            let configuration = postgres.configuration.with(database: name)
            let connection = try await PostgresConnection.open(configuration)
            let result: Result<Void, any Error>
            do {
                try await connection.runScript(EverythingSQL.script(prefix: prefix))
                result = .success(try await body(connection, configuration, prefix))
            } catch {
                result = .failure(error)
            }
            await connection.close()
            if case .failure = result { try? await postgres.server.dropDatabase(name) }
            try result.get()
        }
    }

    @Test("Every kind of object is read, and the snapshot survives its way through JSON")
    func everything() async throws {
        try await withEverything { connection, _, prefix in
            let snapshot = try await SchemaSnapshot.read(from: connection)
            #expect(Set(snapshot.objects.map(\.kind)) == Set(SchemaObjectKind.allCases))
            let json = try JSONEncoder().encode(snapshot)
            let back = try SchemaSnapshot(json: Array(json), file: "snapshot.json")
            #expect(back == snapshot)
            #expect(SchemaFingerprint(of: back) == SchemaFingerprint(of: snapshot))
            func attribute(_ kind: SchemaObjectKind, _ name: [String], _ attribute: SchemaAttribute) -> SchemaValue? {
                snapshot.objects.first { $0.kind == kind && $0.name == SchemaName(name) }?.attributes[attribute]
            }
            #expect(
                attribute(.table, ["app", "parent"], .grants) == .list(["\(prefix)reader: SELECT WITH GRANT OPTION"]))
            #expect(attribute(.column, ["app", "child", "id"], .grants) == .list(["\(prefix)reader: SELECT"]))
            #expect(attribute(.function, ["app", "parsed", "integer"], .grants) == .list([]))
            #expect(
                attribute(.column, ["app", "parent", "fixed"], .default)
                    == .text("'2020-01-01 10:00:00+00'::timestamp with time zone"))
            #expect(attribute(.constraint, ["app", "child", "later"], .notValidated) == .flag)
            #expect(attribute(.sequence, ["app", "child_id_seq"], .ownedBy) == .text("app.child.id"))
            #expect(attribute(.type, ["app", "colour"], .labels) == .list(["red", "green", "blue"]))
            #expect(attribute(.table, ["app", "databasechangelog"], .columns) == nil)
            #expect(attribute(.constraint, ["app", "databasechangelog", "databasechangelog_pkey"], .type) == nil)
        }
    }

    @Test("A role without any right reads the same as the superuser")
    func leastRights() async throws {
        try await withEverything { connection, configuration, prefix in
            try await connection.execute("ALTER ROLE \"\(prefix)reader\" LOGIN PASSWORD 'secret'")
            let configuration = configuration.with(user: "\(prefix)reader", password: Secret("secret"))
            try await connection.execute(
                "GRANT CONNECT ON DATABASE \"\(configuration.database)\" TO \"\(prefix)reader\"")
            let reader = try await PostgresConnection.open(configuration)
            let snapshot = try await SchemaSnapshot.read(from: reader)
            await reader.close()
            #expect(snapshot == (try await SchemaSnapshot.read(from: connection)))
        }
    }

    @Test("What the session and the database have set does not show, and is left as it was")
    func settings() async throws {
        try await withEverything { connection, _, _ in
            let before = try await SchemaSnapshot.read(from: connection)
            try await connection.runScript(
                """
                SET search_path = app; SET quote_all_identifiers = on; SET DateStyle = 'German'; SET TimeZone = 'Asia/Tokyo';
                SET IntervalStyle = 'iso_8601'; SET standard_conforming_strings = off; SET bytea_output = 'escape';
                """)
            #expect(try await SchemaSnapshot.read(from: connection) == before)
            #expect(try await connection.query("SHOW search_path").single().string(0) == "app")
            #expect(try await connection.query("SHOW quote_all_identifiers").single().string(0) == "on")
            #expect(await connection.transactionStatus == .idle)
        }
    }

    @Test("Operators and functions that a changelog made in public are not called")
    func hijack() async throws {
        try await withConnection { connection in
            try await connection.runScript(
                """
                CREATE TABLE called (what text);
                CREATE FUNCTION public.trap(name, text) RETURNS bool LANGUAGE plpgsql AS
                  $$ BEGIN INSERT INTO public.called VALUES ('operator'); RETURN true; END $$;
                CREATE OPERATOR public.<> (LEFTARG = name, RIGHTARG = text, FUNCTION = public.trap);
                CREATE FUNCTION public.format_type(oid, int) RETURNS text LANGUAGE plpgsql AS
                  $$ BEGIN INSERT INTO public.called VALUES ('function'); RETURN 'x'; END $$;
                CREATE TABLE pg_temp.pg_class (oid oid);
                SET search_path = public, pg_catalog;
                """)
            let snapshot = try await SchemaSnapshot.read(from: connection)
            #expect(snapshot.objects.contains { $0.kind == .table && $0.name == SchemaName(["public", "called"]) })
            #expect(try await connection.query("SELECT count(*) FROM public.called").single().int(0) == 0)
        }
    }

    @Test("What belongs to an extension is told by the extension's name only")
    func extensions() async throws {
        try await withConnection { connection in
            // An extension's objects are those that depend on it: any object can be made one of it.
            try await connection.runScript(
                """
                CREATE TABLE mine (id int); CREATE TABLE theirs (id int PRIMARY KEY); CREATE VIEW theirs_too AS SELECT 1 AS one;
                CREATE FUNCTION their_function() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE their_type AS ENUM ('a');
                ALTER EXTENSION plpgsql ADD TABLE theirs; ALTER EXTENSION plpgsql ADD VIEW theirs_too;
                ALTER EXTENSION plpgsql ADD FUNCTION their_function(); ALTER EXTENSION plpgsql ADD TYPE their_type;
                """)
            let names = try await SchemaSnapshot.read(from: connection).objects.map { $0.name.parts.map(\.text) }
            #expect(names == [["public"], ["plpgsql"], ["public", "mine"], ["public", "mine", "id"]])
        }
    }

    @Test("Only the schemas that are asked for are read")
    func schemas() async throws {
        try await withEverything { connection, _, _ in
            try await connection.execute("CREATE SCHEMA \"other, schema\"; CREATE TABLE \"other, schema\".t (id int)")
            let one = try await SchemaSnapshot.read(from: connection, .init(schemas: ["other, schema"]))
            #expect(one.objects.map { $0.name.own } == ["other, schema", "t", "id"])
            #expect(try await SchemaSnapshot.read(from: connection, .init(schemas: [])).objects.isEmpty)
        }
    }

    @Test("A database over a limit is refused, and the error names the limit")
    func limits() async throws {
        try await withEverything { connection, _, _ in
            for (options, code, words) in [
                (SchemaReadingOptions(maximumObjects: 20), "schema.too-many-objects", "at most 20"),
                (SchemaReadingOptions(maximumBytes: 100), "schema.too-much-text", "100 are read"),
            ] {
                let error = await #expect(throws: SluiceError.self) {
                    try await SchemaSnapshot.read(from: connection, options)
                }
                #expect(error?.code.rawValue == code)
                #expect(error?.message.contains(words) == true)
            }
            let short = try await SchemaSnapshot.read(from: connection, .init(maximumBodyBytes: 5))
            let whole = try await SchemaSnapshot.read(from: connection)
            #expect(!short.objects.contains { $0.attributes[.body] != nil })
            #expect(SchemaFingerprint(of: short) == SchemaFingerprint(of: whole))
        }
    }

    @Test(
        "A hostile name is read as it is, told from its look-alikes, and shown on one line",
        arguments: [
            #"a"b"#, "a'b", "new\nline", "a.b", "semi;colon --", "\u{202E}reversed", "\u{1B}[2J", "é", "e\u{301}", "{}",
            "🦆", "%s$1", #"back\slash"#, "select", "Upper",
        ])
    func hostileNames(_ name: String) async throws {
        try await withConnection { connection in
            let quoted = try SQL.identifier(name)
            let empty = try await SchemaSnapshot.read(from: connection)
            try await connection.runScript(
                """
                CREATE SCHEMA \(quoted);
                CREATE TABLE \(quoted).\(quoted) (\(quoted) int CONSTRAINT \(quoted) CHECK (\(quoted) > 0));
                CREATE VIEW \(quoted).v AS SELECT \(quoted) FROM \(quoted).\(quoted);
                COMMENT ON COLUMN \(quoted).\(quoted).\(quoted) IS \(SQL.literal(name));
                """)
            let snapshot = try await SchemaSnapshot.read(from: connection)
            let column = snapshot.objects.first { $0.name == SchemaName([name, name, name]) && $0.kind == .column }
            #expect(column?.attributes[.comment] == .text(name))
            let json = try JSONEncoder().encode(snapshot)
            #expect(try SchemaSnapshot(json: Array(json), file: "x") == snapshot)
            let difference = SchemaDifference(from: empty, to: snapshot)
            #expect(difference.changes.count == 6)
            for line in difference.lines() {
                #expect(!line.unicodeScalars.contains { ["\n", "\u{1B}", "\u{202E}"].contains($0) })
            }
        }
    }

    @Test("Two names that look the same and are not the same stay two")
    func lookAlikes() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE \"é\" (id int); CREATE TABLE \"e\u{301}\" (id int)")
            let snapshot = try await SchemaSnapshot.read(from: connection)
            #expect(snapshot.objects.count { $0.kind == .table } == 2)
        }
    }
}
