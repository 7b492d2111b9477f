import DatabaseSchema
import PostgresClient
import TestSupport
import Testing

struct SchemaFingerprintTests {
    private static let base = """
        CREATE SCHEMA app;
        CREATE TYPE app.colour AS ENUM ('red', 'green');
        CREATE TYPE app.pair AS (a int, b text);
        CREATE DOMAIN app.short AS varchar(10) CHECK (length(value) > 0);
        CREATE SEQUENCE app.s;
        CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
        CREATE FUNCTION app.trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
        CREATE TABLE app.owner (id int CONSTRAINT owner_pk PRIMARY KEY, name text);
        CREATE TABLE app.land (
          id int CONSTRAINT land_pk PRIMARY KEY, name varchar(40), area numeric(10, 2) DEFAULT 0, owner int,
          CONSTRAINT land_owner FOREIGN KEY (owner) REFERENCES app.owner, CONSTRAINT land_area CHECK (area >= 0));
        CREATE INDEX land_name ON app.land (name);
        CREATE VIEW app.big AS SELECT id, name FROM app.land WHERE area > 100;
        CREATE MATERIALIZED VIEW app.names AS SELECT name FROM app.land;
        CREATE TRIGGER t BEFORE INSERT ON app.land FOR EACH ROW EXECUTE FUNCTION app.trg();
        CREATE POLICY p ON app.land USING (id > 0);
        CREATE RULE r AS ON DELETE TO app.owner DO INSTEAD NOTHING;
        CREATE STATISTICS app.st ON id, owner FROM app.land;
        """

    private func fingerprint(_ connection: PostgresConnection) async throws -> SchemaFingerprint {
        SchemaFingerprint(of: try await SchemaSnapshot.read(from: connection))
    }

    @Test("It is the same for two databases that became alike in different ways")
    func sameSchema() async throws {
        try await withConnection { one in
            try await one.runScript(Self.base)
            let expected = try await fingerprint(one)
            try await withConnection { other in
                // Other ids, other numbers of columns, another order of statements, names changed on the way.
                try await other.runScript(
                    """
                    CREATE SCHEMA before; CREATE TABLE before.land (x int, id int NOT NULL, name varchar(10));
                    CREATE FUNCTION before.trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
                    CREATE TABLE before.owner (id int, gone int, name text); ALTER TABLE before.owner DROP gone;
                    CREATE RULE r AS ON DELETE TO before.owner DO INSTEAD NOTHING;
                    CREATE TRIGGER t BEFORE INSERT ON before.land FOR EACH ROW EXECUTE FUNCTION before.trg();
                    ALTER TABLE before.owner ADD CONSTRAINT pk PRIMARY KEY (id);
                    ALTER TABLE before.owner RENAME CONSTRAINT pk TO owner_pk;
                    ALTER TABLE before.land DROP x, ALTER name TYPE varchar(40), ADD area numeric(10, 2), ADD owner int;
                    ALTER TABLE before.land ALTER area SET DEFAULT 0;
                    CREATE STATISTICS before.st ON id, owner FROM before.land;
                    CREATE INDEX land_name ON before.land USING btree (name);
                    ALTER TABLE before.land ADD CONSTRAINT land_area CHECK (area >= 0) NOT VALID;
                    ALTER TABLE before.land ADD CONSTRAINT land_owner FOREIGN KEY (owner) REFERENCES before.owner (id);
                    ALTER TABLE before.land VALIDATE CONSTRAINT land_area;
                    ALTER TABLE before.land ADD CONSTRAINT land_pk PRIMARY KEY (id);
                    CREATE POLICY p ON before.land FOR ALL TO PUBLIC USING (id > 0);
                    CREATE VIEW before.big AS SELECT l.id, l.name FROM before.land l WHERE l.area > 100;
                    CREATE OR REPLACE VIEW before.big AS SELECT id, name FROM before.land WHERE area > 100;
                    CREATE MATERIALIZED VIEW before.names AS SELECT name FROM before.land;
                    CREATE FUNCTION before.f(b int) RETURNS text LANGUAGE sql AS 'SELECT ''x'''; DROP FUNCTION before.f;
                    CREATE FUNCTION before.f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
                    CREATE SEQUENCE before.s INCREMENT BY 1; SELECT nextval('before.s');
                    CREATE DOMAIN before.short AS character varying(10) CONSTRAINT short_check CHECK (length(value) > 0);
                    CREATE TYPE before.colour AS ENUM ('green'); ALTER TYPE before.colour ADD VALUE 'red' BEFORE 'green';
                    CREATE TYPE before.pair AS (b int); ALTER TYPE before.pair ADD ATTRIBUTE a int;
                    ALTER TYPE before.pair DROP ATTRIBUTE b; ALTER TYPE before.pair ADD ATTRIBUTE b text;
                    INSERT INTO before.owner VALUES (1, 'somebody'); ANALYZE;
                    ALTER SCHEMA before RENAME TO app;
                    """)
                let snapshots = (
                    try await SchemaSnapshot.read(from: one), try await SchemaSnapshot.read(from: other)
                )
                #expect(SchemaDifference(from: snapshots.0, to: snapshots.1).lines() == [])
                #expect(try await fingerprint(other) == expected)
            }
        }
    }

    @Test("Each single change of the schema changes it, and is told by the difference", arguments: 0..<4)
    func everyChange(_ share: Int) async throws {
        try await withConnection { connection in
            try await connection.runScript(Self.base)
            let before = try await SchemaSnapshot.read(from: connection)
            for change in stride(from: share, to: Self.changes.count, by: 4).map({ Self.changes[$0] }) {
                try await connection.runScript(change)
                let after = try await SchemaSnapshot.read(from: connection)
                #expect(SchemaFingerprint(of: after) != SchemaFingerprint(of: before), "\(change)")
                #expect(!SchemaDifference(from: before, to: after).isEmpty, "\(change)")
                try await connection.runScript(
                    "DROP SCHEMA app CASCADE; DROP SCHEMA IF EXISTS other CASCADE;" + Self.base)
            }
            #expect(try await SchemaSnapshot.read(from: connection) == before)
        }
    }

    /// None of them may leave anything outside of the schemas `app` and `other`.
    static let changes = [
        "CREATE SCHEMA other", "COMMENT ON SCHEMA app IS 'x'", "GRANT USAGE ON SCHEMA app TO PUBLIC",
        "CREATE TABLE app.t ()", "DROP TABLE app.land CASCADE", "ALTER TABLE app.land RENAME TO ground",
        "ALTER TABLE app.land SET UNLOGGED",
        "ALTER TABLE app.land SET (fillfactor = 50)", "ALTER TABLE app.land ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE app.land FORCE ROW LEVEL SECURITY", "ALTER TABLE app.land REPLICA IDENTITY FULL",
        "ALTER TABLE app.land REPLICA IDENTITY USING INDEX land_pk", "COMMENT ON TABLE app.land IS 'x'",
        "GRANT SELECT ON app.land TO PUBLIC", "GRANT SELECT (name) ON app.land TO PUBLIC",
        "CREATE TABLE app.kid () INHERITS (app.owner)",
        "ALTER TABLE app.land ADD extra int", "ALTER TABLE app.land DROP owner",
        "ALTER TABLE app.land RENAME name TO title",
        "ALTER TABLE app.land ALTER owner TYPE bigint", "ALTER TABLE app.owner ALTER name TYPE varchar",
        "ALTER TABLE app.land ALTER name SET NOT NULL", "ALTER TABLE app.land ALTER area SET DEFAULT 1",
        "ALTER TABLE app.land ALTER area DROP DEFAULT", "ALTER TABLE app.owner ALTER name TYPE text COLLATE \"C\"",
        "ALTER TABLE app.owner ALTER name SET STORAGE EXTERNAL", "ALTER TABLE app.land ALTER name SET STATISTICS 7",
        "ALTER TABLE app.owner ALTER name SET COMPRESSION pglz", "ALTER TABLE app.land ALTER name SET (n_distinct = 5)",
        "ALTER TABLE app.land ALTER id ADD GENERATED ALWAYS AS IDENTITY", "COMMENT ON COLUMN app.land.name IS 'x'",
        "ALTER TABLE app.land ADD twice numeric GENERATED ALWAYS AS (area * 2) STORED",
        "ALTER TABLE app.owner DROP name; ALTER TABLE app.owner DROP id CASCADE; ALTER TABLE app.owner ADD name text;"
            + "ALTER TABLE app.owner ADD id int CONSTRAINT owner_pk PRIMARY KEY;"
            + "ALTER TABLE app.land ADD CONSTRAINT land_owner FOREIGN KEY (owner) REFERENCES app.owner",
        "ALTER TABLE app.land ADD UNIQUE (name)", "ALTER TABLE app.land DROP CONSTRAINT land_owner",
        "ALTER TABLE app.land RENAME CONSTRAINT land_area TO land_size",
        "ALTER TABLE app.land ALTER CONSTRAINT land_owner DEFERRABLE",
        "ALTER TABLE app.land DROP CONSTRAINT land_area, ADD CONSTRAINT land_area CHECK (area > 0)",
        "ALTER TABLE app.land DROP CONSTRAINT land_area, ADD CONSTRAINT land_area CHECK (area >= 0) NOT VALID",
        "ALTER TABLE app.land DROP CONSTRAINT land_owner, ADD CONSTRAINT land_owner FOREIGN KEY (owner)"
            + " REFERENCES app.owner ON DELETE CASCADE", "COMMENT ON CONSTRAINT land_pk ON app.land IS 'x'",
        "ALTER INDEX app.land_pk SET (fillfactor = 50)", "ALTER TABLE app.land CLUSTER ON land_pk",
        "DROP INDEX app.land_name", "ALTER INDEX app.land_name RENAME TO other_name", "CREATE INDEX ON app.land (area)",
        "DROP INDEX app.land_name; CREATE UNIQUE INDEX land_name ON app.land (name)",
        "DROP INDEX app.land_name; CREATE INDEX land_name ON app.land (name) WHERE id > 1",
        "DROP INDEX app.land_name; CREATE INDEX land_name ON app.land (name DESC)",
        "COMMENT ON INDEX app.land_name IS 'x'",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.land_name'::regclass",
        "CREATE OR REPLACE VIEW app.big AS SELECT id, name FROM app.land WHERE area > 101",
        "CREATE OR REPLACE VIEW app.big AS SELECT id, name, owner FROM app.land WHERE area > 100",
        "ALTER VIEW app.big SET (security_barrier)", "ALTER VIEW app.big RENAME COLUMN name TO title",
        "DROP VIEW app.big", "ALTER VIEW app.big ALTER name SET DEFAULT 'x'", "COMMENT ON VIEW app.big IS 'x'",
        "DROP MATERIALIZED VIEW app.names; CREATE MATERIALIZED VIEW app.names AS SELECT name::text FROM app.land",
        "CREATE INDEX ON app.names (name)",
        "ALTER TYPE app.colour ADD VALUE 'blue'", "ALTER TYPE app.colour RENAME VALUE 'red' TO 'rot'",
        "DROP TYPE app.colour; CREATE TYPE app.colour AS ENUM ('green', 'red')", "COMMENT ON TYPE app.colour IS 'x'",
        "REVOKE USAGE ON TYPE app.colour FROM PUBLIC", "ALTER TYPE app.pair ADD ATTRIBUTE c int",
        "ALTER TYPE app.pair ALTER ATTRIBUTE a TYPE bigint", "ALTER TYPE app.pair RENAME ATTRIBUTE a TO z",
        "ALTER DOMAIN app.short SET NOT NULL", "ALTER DOMAIN app.short SET DEFAULT 'x'",
        "ALTER DOMAIN app.short ADD CHECK (value <> 'x')", "ALTER DOMAIN app.short DROP CONSTRAINT short_check",
        "CREATE TYPE app.span AS RANGE (subtype = int4)",
        "ALTER SEQUENCE app.s INCREMENT 2", "ALTER SEQUENCE app.s MAXVALUE 9",
        "ALTER SEQUENCE app.s START 2 MINVALUE 2 RESTART",
        "ALTER SEQUENCE app.s AS int", "ALTER SEQUENCE app.s CYCLE", "ALTER SEQUENCE app.s CACHE 5",
        "ALTER SEQUENCE app.s OWNED BY app.land.id", "GRANT USAGE ON SEQUENCE app.s TO PUBLIC",
        "CREATE OR REPLACE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1'",
        "CREATE OR REPLACE FUNCTION app.f(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a'",
        "CREATE FUNCTION app.f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION app.f",
        "ALTER FUNCTION app.f IMMUTABLE", "ALTER FUNCTION app.f SECURITY DEFINER", "ALTER FUNCTION app.f STRICT",
        "ALTER FUNCTION app.f LEAKPROOF", "ALTER FUNCTION app.f PARALLEL SAFE", "ALTER FUNCTION app.f COST 5",
        "ALTER FUNCTION app.f SET search_path = app", "REVOKE EXECUTE ON FUNCTION app.f FROM PUBLIC",
        "COMMENT ON FUNCTION app.f IS 'x'", "CREATE PROCEDURE app.p() LANGUAGE sql AS 'SELECT 1'",
        "CREATE AGGREGATE app.agg(int) (sfunc = int4pl, stype = int)",
        "ALTER TABLE app.land DISABLE TRIGGER t", "ALTER TABLE app.land ENABLE ALWAYS TRIGGER t",
        "DROP TRIGGER t ON app.land",
        "ALTER TRIGGER t ON app.land RENAME TO tt", "COMMENT ON TRIGGER t ON app.land IS 'x'",
        "CREATE OR REPLACE TRIGGER t AFTER INSERT ON app.land FOR EACH ROW EXECUTE FUNCTION app.trg()",
        "ALTER POLICY p ON app.land USING (id > 1)", "ALTER POLICY p ON app.land WITH CHECK (id > 1)",
        "DROP POLICY p ON app.land; CREATE POLICY p ON app.land FOR SELECT USING (id > 0)",
        "DROP POLICY p ON app.land; CREATE POLICY p ON app.land AS RESTRICTIVE USING (id > 0)",
        "CREATE OR REPLACE RULE r AS ON DELETE TO app.owner DO ALSO NOTHING", "DROP RULE r ON app.owner",
        "ALTER TABLE app.owner DISABLE RULE r", "DROP STATISTICS app.st",
        "DROP STATISTICS app.st; CREATE STATISTICS app.st ON id, name FROM app.land",
        "COMMENT ON STATISTICS app.st IS 'x'",
    ]
}
