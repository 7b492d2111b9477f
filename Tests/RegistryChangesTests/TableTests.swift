import Changelog
import PostgresClient
import TestSupport
import Testing

@testable import RegistryChanges

/// Tables with history.
@Suite struct TableTests {
    private static func columns(_ connection: PostgresConnection, _ table: String) async throws -> [String] {
        let sql = """
            SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attnotnull THEN 'not null' END, 'default ' || pg_get_expr(d.adbin, d.adrelid))
            FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = '\(table)'::regclass AND a.attnum > 0 AND NOT a.attisdropped
                AND a.attname !~ '^ddm_' ORDER BY a.attnum
            """
        return try await connection.execute(sql).map { try $0.string(0) }
    }

    private static func tables(_ connection: PostgresConnection) async throws -> [String] {
        let sql = """
            SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('registry', 'archive')
                AND tablename !~ '^databasechangelog' ORDER BY 1
            """
        return try await connection.execute(sql).map { try $0.string(0) }
    }

    private static func add(_ column: String, to table: String, id: String) -> String {
        Regulation.changeSet(
            "<addColumn tableName=\"\(table)\" ext:historyFlag=\"true\">\(column)</addColumn>", id: id)
    }

    private static let person = Regulation.changeSet(
        Regulation.table(
            "person", "<column name=\"name\" type=\"VARCHAR(40)\"/><column name=\"mark\" type=\"CHAR(2)\"/>"))

    @Test("the first new columns of a run start a new history with the last states, later ones only extend it")
    func rotation() async throws {
        try await ReferenceDatabase.with { connection in
            let deployer = Deployer(connection)
            try await deployer.update(Regulation.changelog(Self.person))
            try await connection.execute(
                """
                INSERT INTO person_hst (person_id, name, ddm_created_by, ddm_dml_op, ddm_system_id, ddm_application_id)
                    SELECT uuid_generate_v4(), 'A', 'me', 'I', uuid_generate_v4(), uuid_generate_v4()
                """)
            let second =
                Self.person
                + Self.add("<column name=\"mail\" type=\"TEXT\" remarks=\"Mail\"/>", to: "person", id: "2")
                + Self.add("<column name=\"phone\" type=\"TEXT\" defaultValue=\"it's\"/>", to: "person", id: "3")
            try await deployer.update(Regulation.changelog(second))
            #expect(
                try await Self.tables(connection) == [
                    "archive.person_hst__0", "registry.person", "registry.person_hst",
                ])
            #expect(
                try await Self.columns(connection, "person_hst") == [
                    "person_id uuid not null default uuid_generate_v4()", "name character varying", "mark character(2)",
                    "mail text", "phone text default 'it''s'::text",
                ])
            let rows = try await connection.execute("SELECT name FROM person_hst").map { try $0.string(0) }
            #expect(rows == ["A"])
            let keys = """
                SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'person_hst'::regclass \
                AND contype IN ('u', 'p') AND conname = 'ui_person_hst'
                """
            #expect(
                try await connection.execute(keys).map { try $0.string(0) } == ["UNIQUE (person_id, ddm_created_at)"])
            #expect(
                try await connection.execute("SELECT has_table_privilege('application_role', 'person_hst', 'SELECT')")
                    .single().bool(0))
            // The next run begins another one.
            let third = second + Self.add("<column name=\"fax\" type=\"TEXT\"/>", to: "person", id: "4")
            try await deployer.update(Regulation.changelog(third))
            #expect(try await Self.tables(connection).contains("archive.person_hst__1"))
            #expect(try await Self.columns(connection, "person").last == "fax text")
        }
    }

    @Test("a rotation is the same when psql runs the text of update-sql")
    func script() async throws {
        try await ReferenceDatabase.with { connection in
            let changelog = try Regulation.changelog(
                Self.person + Self.add("<column name=\"mail\" type=\"TEXT\"/>", to: "person", id: "2"))
            let options = DeployerOptions(defaultSchema: "registry")
            let text = try await UpdateScript(changelog, books: nil, options: options).text
            try await connection.runScript(text)
            #expect(
                try await Self.tables(connection) == [
                    "archive.person_hst__0", "registry.person", "registry.person_hst",
                ])
            #expect(try await Deployer(connection).plan(changelog).pending.isEmpty)
        }
    }

    @Test("a table becomes an object with a new history; one that is an object already stays as it is")
    func makeObject() async throws {
        try await ReferenceDatabase.with { connection in
            let make = "<ext:makeObject><ext:table name=\"person\"/></ext:makeObject>"
            let changelog = try Regulation.changelog(
                Regulation.changeSet(Regulation.table("subject"), id: "0") + Self.person
                    + Regulation.changeSet(make, id: "2") + Regulation.changeSet(make, id: "3"))
            try await Deployer(connection).update(changelog)
            #expect(try await Self.columns(connection, "person").last == "subject_id uuid")
            #expect(try await Self.columns(connection, "person_hst").last == "subject_id uuid")
            #expect(
                try await Self.tables(connection).filter { $0.hasPrefix("archive") } == ["archive.person_hst__0"])
            let key = "SELECT conname FROM pg_constraint WHERE conrelid = 'person'::regclass AND contype = 'f'"
            #expect(try await connection.execute(key).map { try $0.string(0) } == ["fk_person_subject"])
        }
    }

    @Test("classified, numbered and asynchronous tables say so to the services")
    func services() throws {
        let sql = try Regulation.sql(
            Regulation.table(
                "fop",
                """
                <column name="number" type="TEXT" ext:autoGenerate="N-{dd.MM.yyyy}-{SEQ}"/>\
                <column name="code" type="TEXT" ext:classify="confidential"/>\
                <column name="address" type="TEXT" ext:classify="private"/>
                """, "ext:readMode=\"async\" ext:bulkLoad=\"true\""))
        #expect(
            sql.contains {
                $0.contains("fk_fop_subject FOREIGN KEY (subject_id) REFERENCES registry.subject(subject_id)")
            })
        #expect(
            sql.contains(
                """
                ALTER TABLE registry.fop ALTER COLUMN  dcm_classification SET DEFAULT \
                '{"(code,confidential)", "(address,private)"}'
                """))
        #expect(sql.filter { $0.contains("dcm_access_role TYPE_ACCESS_ROLE[]") }.count == 2)
        let metadata = "insert into ddm_liquibase_metadata(change_type, change_name, attribute_name, attribute_value)"
        #expect(
            sql.suffix(5) == [
                "\(metadata) values ('readMode', 'createTable', 'fop', 'async')",
                "CREATE SEQUENCE IF NOT EXISTS fop_number_seq INCREMENT BY 1 OWNED BY fop.number",
                "GRANT USAGE ON SEQUENCE fop_number_seq TO application_role",
                "\(metadata) values ('autoGenerate', 'fop', 'number', 'N-{dd.MM.yyyy}-{SEQ}')",
                "\(metadata) values ('bulkLoad', 'fop', 'bulkLoad', 'true')",
            ])
    }

    @Test("a type changes in the history too, and a table with history goes with it when it is taken back")
    func others() throws {
        #expect(
            try Regulation.sql(
                "<modifyDataType tableName=\"t\" columnName=\"c\" newDataType=\"float\" ext:historyFlag=\"true\"/>")
                == [
                    "ALTER TABLE registry.t ALTER COLUMN c TYPE FLOAT USING (c::FLOAT)",
                    "ALTER TABLE registry.t_hst ALTER COLUMN c TYPE FLOAT USING (c::FLOAT)",
                ])
        let table = try Regulation.changelog(Regulation.changeSet(Regulation.table("a"))).changeSets.first
        let dialect = SQLDialect(defaultSchema: "registry")
        #expect(
            try table?.changes.first?.change.inverse(dialect)?.map(\.text)
                == ["DROP TABLE registry.a", "DROP TABLE registry.a_hst"])
    }

    @Test("without the registries' attributes Liquibase's own types mean what they always do, with the same checksums")
    func ordinary() throws {
        let changes = """
            <createTable tableName="T"><column name="a" type="int"/></createTable><addColumn tableName="T"><column \
            name="b" type="int" remarks="r"/></addColumn><modifyDataType tableName="T" columnName="a" \
            newDataType="bigint"/><renameColumn tableName="T" oldColumnName="a" newColumnName="c"/><dropColumn \
            tableName="T" columnName="b"/>
            """
        let files = [
            "main.xml": """
            <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" \
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
            xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog \
            http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-4.5.xsd">\(Regulation.changeSet(changes))\
            </databaseChangeLog>
            """
        ]
        let source = MemorySource(files.mapValues { Array($0.utf8) })
        let resolved = try ChangelogReader(source: source).read("main.xml")
        let standard = try PreparedChangelog(resolved, source: source)
        let extended = try PreparedChangelog(resolved, source: source, registry: RegistryChanges.changeTypes)
        for (one, other) in zip(standard.changeSets, extended.changeSets) {
            #expect(one.checksum == other.checksum)
            #expect(one.checksum(.v8) == other.checksum(.v8))
            #expect(one.description == other.description)
            #expect(try one.statements().map(\.text) == other.statements().map(\.text))
        }
    }

    @Test(
        "mistakes in tables are found before anything runs",
        arguments: [
            (
                "<createTable tableName=\"a\" ext:historyFlag=\"true\"><column name=\"b\" type=\"int\"/></createTable>",
                "the table a has no primary key"
            ),
            (
                "<createTable tableName=\"a\" ext:isObject=\"true\"><column name=\"b\" type=\"int\"/></createTable>",
                "'historyFlag' is required beside the registries' attributes"
            ),
            (
                "<createTable tableName=\"a\" ext:historyFlag=\"false\"><column name=\"b\" type=\"int\"/></createTable>",
                "'historyFlag' is never false"
            ),
            (
                Regulation.table("a", "<column name=\"b\" type=\"int\" ext:classify=\"secret\"/>"),
                "'classify' is private or confidential, not \"secret\""
            ),
            (
                Regulation.table("a", "<column name=\"b\" type=\"int\" ext:autoGenerate=\"{SEQ}\"/>"),
                "the column 'b' has 'autoGenerate', so its type is TEXT, not int"
            ),
            (
                Regulation.table("a", "<column name=\"b\" type=\"TEXT\" ext:autoGenerate=\"{TEST}{SEQ}\"/>"),
                "'autoGenerate' of the column 'b': \"{TEST}\" is no date or time pattern"
            ),
            (Regulation.table("a", "<column name=\"їжа\" type=\"TEXT\"/>"), "\"їжа\" is no name of a registry"),
            (
                Regulation.table("a", "<column name=\"b\" type=\"TEXT\" unknown=\"1\"/>"),
                "'unknown' is not supported here"
            ),
            (
                Regulation.table("a", "", "ext:distribution=\"distributeAll\""),
                "'distribution' is for Citus, which is not supported"
            ),
            (
                Regulation.table(String(repeating: "a", count: 60)),
                "is longer than the 63 bytes that PostgreSQL keeps"
            ),
            (
                """
                <addColumn tableName="a" ext:historyFlag="true"><column name="b" type="int"><constraints \
                nullable="false"/></column></addColumn>
                """, "the column 'b' is not nullable, so it needs a default value"
            ),
            (
                "<dropColumn tableName=\"a\" columnName=\"b\" ext:historyFlag=\"true\"/>",
                "a table with history keeps its columns as they are"
            ),
            (
                """
                <renameColumn tableName="a" oldColumnName="b" newColumnName="c" ext:historyFlag="true"/>
                """, "a table with history keeps its columns as they are"
            ),
            ("<ext:distributeTable tableName=\"a\"/>", "change type distributeTable is not supported"),
        ])
    func mistakes(_ change: String, _ message: String) {
        #expect(Regulation.mistakes(change).contains { $0.contains(message) }, "\(Regulation.mistakes(change))")
    }

    @Test(
        "the patterns of numbered columns are those that Java applies to a date and a time",
        arguments: [
            ("N-{dd.MM.yyyy}-{SEQ}", []), ("{yyyy}{HH:mm}", []), ("plain", []), ("{SEQ}", []), ("{'at' uuuu}", []),
            ("{TEST}", ["TEST"]), ("{b}", ["b"]), ("{z}", ["z"]), ("{yyyy}-{MMMMMM}", ["MMMMMM"]),
            ("{'open}", ["'open"]),
        ] as [(String, [String])])
    func patterns(_ pattern: String, _ invalid: [String]) {
        #expect(GeneratedColumn.invalidParts(of: pattern) == invalid)
    }
}
