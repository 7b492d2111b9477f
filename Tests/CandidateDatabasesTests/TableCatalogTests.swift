import DesiredState
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("The tables of a database")
struct TableCatalogTests {
    private static let layout = DatabaseLayout(
        defaultSchema: "registry", searchPath: ["registry", "public"], changelogTable: "ddm_db_changelog")

    private static let sample = """
        CREATE SCHEMA registry; CREATE SCHEMA archive; SET search_path TO registry, public;
        CREATE DOMAIN code AS text CHECK (length(value) > 0);
        CREATE SEQUENCE numbers;
        CREATE TABLE subject (id uuid PRIMARY KEY);
        CREATE TABLE parcel (
            id int DEFAULT nextval('numbers') NOT NULL, code code, area numeric(10, 2) DEFAULT 0, tags uuid[], at timestamptz,
            letter char(3), subject_id uuid NOT NULL REFERENCES subject, parent_id int, parent_code code,
            ddm_created_at timestamptz, dcm_access text,
            CONSTRAINT pk_parcel PRIMARY KEY (id), CONSTRAINT uq_parcel UNIQUE (id, code));
        ALTER TABLE parcel ADD CONSTRAINT fk_parent FOREIGN KEY (parent_id, parent_code) REFERENCES parcel (id, code);
        ALTER TABLE parcel DROP COLUMN letter;
        COMMENT ON TABLE parcel IS 'Land, with "quotes" and ґ';
        COMMENT ON COLUMN parcel.code IS 'Its code';
        CREATE INDEX ix_parcel__code ON parcel (lower(code::text), area DESC) INCLUDE (at);
        CREATE INDEX ix_parcel_tags ON parcel USING gin (tags);
        CREATE INDEX ix_parcel_tags_m2m ON parcel USING gin (tags);
        CREATE TABLE bare (note text); CREATE INDEX ix_bare ON bare (note);
        CREATE VIEW summary AS SELECT count(*) AS parcels FROM parcel;
        CREATE VIEW parcel_search_v AS SELECT id FROM parcel;
        CREATE MATERIALIZED VIEW cached AS SELECT id FROM parcel;
        CREATE TABLE parcel_hst (id int); CREATE TABLE ddm_log (id int); CREATE TABLE test_results (id int);
        CREATE TABLE databasechangelog (id int); CREATE TABLE "ddm_db_changelog" (id int); CREATE TABLE contest (id int);
        CREATE TABLE archive.old (id int); CREATE TABLE public.elsewhere (id int);
        """

    @Test(
        "tables and views of the registry's schema are listed by name, without the platform's own, history and search conditions"
    )
    func list() async throws {
        try await withSample { connection in
            let tables = try await TableCatalog(layout: Self.layout).tables(connection, deadline: .seconds(600))
            #expect(tables.map(\.name) == ["bare", "cached", "contest", "parcel", "subject", "summary"])
            #expect(tables.filter(\.objectReference).map(\.name) == ["parcel"])
            #expect(tables.first { $0.name == "parcel" }?.description == "Land, with \"quotes\" and ґ")
            #expect(tables.first { $0.name == "bare" }?.description == nil)
        }
    }

    @Test(
        "no schema's name leads the search path elsewhere, whatever marks stand beside its quotes",
        arguments: ["a\"\u{301}, archive, \"b", "\u{0D4E}\", archive", "plain\"\"", "a,b"])
    func searchPath(_ name: String) async throws {
        try await withSample { connection in
            try await connection.runScript("CREATE SCHEMA \(try SQL.identifier(name))")
            let layout = DatabaseLayout(defaultSchema: "registry", searchPath: [name, "registry"])
            let tables = try await TableCatalog(layout: layout).tables(connection, deadline: .seconds(600))
            #expect(tables.contains { $0.name == "parcel" })
            let path = try await connection.query(
                "SELECT pg_catalog.array_to_string(pg_catalog.current_schemas(false), '|') AS path", [],
                deadline: .seconds(600))
            #expect(try path.first?.string("path").utf8.elementsEqual("pg_catalog|\(name)|registry".utf8) == true)
        }
    }

    @Test("a table is described with its columns, keys and indexes as the registry platform names them")
    func description() async throws {
        try await withSample { connection in
            let catalog = TableCatalog(layout: Self.layout)
            let table = try #require(try await catalog.table("parcel", connection, deadline: .seconds(600)))
            #expect(
                table.columns.keys.sorted()
                    == ["area", "at", "code", "id", "parent_code", "parent_id", "subject_id", "tags"])
            #expect(table.columns.mapValues(\.type)["code"] == "code")
            #expect(table.columns.mapValues(\.type)["area"] == "numeric")
            #expect(table.columns.mapValues(\.type)["tags"] == "_uuid")
            #expect(table.columns["id"]?.defaultValue == "nextval('numbers'::regclass)")
            #expect(table.columns["id"]?.notNullFlag == true)
            #expect(table.columns["code"]?.description == "Its code")
            #expect(table.primaryKey == .init(name: "pk_parcel", columns: [.init(name: "id", sorting: "ASC")]))
            #expect(table.uniqueConstraints.keys.sorted() == ["uq_parcel"])
            #expect(table.indices.keys.sorted() == ["ix_parcel__code", "ix_parcel_tags"])
            #expect(
                table.indices["ix_parcel__code"]?.columns
                    == [.init(name: "lower(code::text)", sorting: "ASC"), .init(name: "area", sorting: "DESC")])
            #expect(table.indices["ix_parcel_tags"]?.columns == [.init(name: "tags", sorting: "NONE")])
            let parent = try #require(table.foreignKeys["fk_parent"])
            #expect(parent.targetTable == "parcel")
            #expect(
                parent.columnPairs == [
                    .init(sourceColumnName: "parent_id", targetColumnName: "id"),
                    .init(sourceColumnName: "parent_code", targetColumnName: "code"),
                ])
            let bare = try #require(try await catalog.table("bare", connection, deadline: .seconds(600)))
            #expect(bare.primaryKey == nil)
            #expect(bare.indices.keys.sorted() == ["ix_bare"])
        }
    }

    @Test(
        "what is not listed is not described either",
        arguments: ["parcel_search_v", "parcel_hst", "ddm_log", "old", "none", "x'; --"])
    func hidden(_ name: String) async throws {
        try await withSample { connection in
            let table = try await TableCatalog(layout: Self.layout).table(name, connection, deadline: .seconds(600))
            #expect(table == nil)
        }
    }

    @Test("B-06: nothing that a changelog puts on the search path is called or read in place of the system's own")
    func shadowed() async throws {
        try await withSample { connection in
            let before = try await TableCatalog(layout: Self.layout).tables(connection, deadline: .seconds(600))
            try await connection.runScript(Self.traps)
            for trapped in ["reverse('x'::name)", "1::int2 & 1::int4", "obj_description(1::oid, 'pg_class')"] {
                let error = await #expect(throws: PostgresError.self, "\(trapped)") {
                    try await connection.execute("SELECT \(trapped)")
                }
                #expect(error?.message == "trapped")
            }
            try await connection.execute("SET search_path TO registry, public, pg_catalog")
            let catalog = TableCatalog(layout: Self.layout)
            let after = try await catalog.tables(connection, deadline: .seconds(600))
            let own = ["pg_attribute", "pg_class", "pg_index", "pg_namespace"]
            #expect(after.filter { !own.contains($0.name) } == before)
            #expect(try await catalog.table("parcel", connection, deadline: .seconds(600))?.indices.count == 2)
        }
    }

    /// Functions, aggregates and operators that fit better than PostgreSQL's own, all of which fail when they are called.
    private static let traps: String = {
        var script = ""
        let types = ["name", "text", "oid", "int2", "int4", "int8", "bool", "jsonb", "\"char\"", "regclass"]
        for function in [
            "reverse", "starts_with", "obj_description", "col_description", "pg_get_expr", "pg_get_indexdef",
            "jsonb_build_object", "generate_series", "unnest", "set_config", "bool_or",
        ] {
            for type in types {
                script += trap(function, type)
                for second in types { script += trap(function, "\(type), \(second)") }
            }
        }
        for type in types {
            script += "CREATE FUNCTION registry.state(int, \(type)) RETURNS int LANGUAGE plpgsql AS \(body);"
            script += "CREATE AGGREGATE registry.jsonb_agg(\(type)) (sfunc = registry.state, stype = int);"
            for second in types {
                script += """
                    CREATE FUNCTION registry.state(int, \(type), \(second)) RETURNS int LANGUAGE plpgsql AS \(body);
                    CREATE AGGREGATE registry.jsonb_object_agg(\(type), \(second)) (sfunc = registry.state, stype = int);
                    CREATE FUNCTION registry.trap_operator(\(type), \(second)) RETURNS bool LANGUAGE plpgsql AS \(body);
                    """
                for name in ["=", "<>", "!~", ">", "&", "-"] {
                    script += """
                        CREATE OPERATOR registry.\(name)
                        (leftarg = \(type), rightarg = \(second), function = registry.trap_operator);
                        """
                }
            }
        }
        for table in ["pg_class", "pg_namespace", "pg_attribute", "pg_index"] {
            script += "CREATE TABLE registry.\(table) (oid oid, relname name);"
        }
        return script
    }()

    private static let body = "$$ BEGIN RAISE EXCEPTION 'trapped'; END $$"

    private static func trap(_ name: String, _ arguments: String) -> String {
        "CREATE FUNCTION registry.\(name)(\(arguments)) RETURNS text LANGUAGE plpgsql AS \(body);\n"
    }

    private func withSample(_ body: @Sendable (PostgresConnection) async throws -> Void) async throws {
        try await withConnection { connection in
            try await connection.runScript(Self.sample)
            try await body(connection)
        }
    }
}

extension TableCatalogTests {
    /// What the real toolchain made of a registry, beside the repository; nil where that is not.
    private static let golden: String? = {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appending(path: "shared/corpus/registry/golden").path
        return FileManager.default.fileExists(atPath: folder) ? folder : nil
    }()

    @Test(
        "the tables that the real toolchain deployed are described as in its golden answers",
        .enabled("the golden answers and PostgreSQL's contributed extensions are there") {
            let offersExtensions = try await TestPostgres.shared().offers(extension: "uuid-ossp")
            return golden != nil && offersExtensions
        },
        arguments: [["master"], ["master", "c1-good"]])
    func corpus(_ layers: [String]) async throws {
        let golden = try #require(Self.golden)
        try await withConnection { connection in
            try await connection.runScript(
                """
                CREATE EXTENSION "uuid-ossp"; CREATE EXTENSION pg_trgm; CREATE SCHEMA registry; CREATE SCHEMA archive;
                CREATE TYPE type_file AS (id text, checksum text); SET search_path TO registry, public;
                """)
            for layer in layers {
                let script = try String(contentsOfFile: "\(golden)/\(layer)/update.sql", encoding: .utf8)
                for statement in script.split(separator: "\n").map(String.init) where Self.isStructure(statement) {
                    try await connection.runScript(statement)
                }
            }
            let layout = DatabaseLayout(defaultSchema: "registry", searchPath: ["registry", "public"])
            let catalog = TableCatalog(layout: layout)
            var tables: [TableInfo] = []
            for table in try await catalog.tables(connection, deadline: .seconds(600)) {
                tables.append(try #require(try await catalog.table(table.name, connection, deadline: .seconds(600))))
            }
            let file = "\(golden)/\(try #require(layers.last))/tables.json"
            let expected = try JSONDecoder().decode([TableInfo].self, from: Data(contentsOf: URL(filePath: file)))
            #expect(tables.map(\.name) == expected.map(\.name))
            for (table, expected) in zip(tables, expected) { #expect(table == expected) }
        }
    }

    /// Whether a line makes structure: rows, grants and calls of the platform's own routines do not matter here.
    private static func isStructure(_ line: String) -> Bool {
        let words = [
            "CREATE TABLE", "CREATE TYPE", "CREATE INDEX", "CREATE DOMAIN", "CREATE OR REPLACE VIEW", "ALTER TABLE",
            "COMMENT ON",
        ]
        return words.contains { line.hasPrefix($0) }
    }
}
