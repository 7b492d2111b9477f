import Changelog
import Testing

@testable import RegistryChanges

/// Types, relations, rights and what services must know.
@Suite struct OtherChangeTests {
    private static let metadata =
        "insert into ddm_liquibase_metadata(change_type, change_name, attribute_name, attribute_value)"

    private static let town = Regulation.table("town")
    private static let person = Regulation.table(
        "person",
        """
        <column name="town_id" type="UUID"><constraints foreignKeyName="fk_town" referencedTableName="town" \
        referencedColumnNames="town_id"/></column>
        """)

    @Test(
        "types and domains",
        arguments: [
            (
                """
                <ext:createType name="t"><ext:asComposite><ext:column name="a" type="text" collation="C"/><ext:column \
                name="b" type="int"/></ext:asComposite></ext:createType>
                """, ["CREATE TYPE t as (a text COLLATE \"C\", b int)"]
            ),
            (
                "<ext:createType name=\"t\"><ext:asEnum><ext:label>it''s</ext:label></ext:asEnum></ext:createType>",
                [
                    "CREATE TYPE t as ENUM ('it''s')", "\(metadata) values ('type', 't', 'label', 'it''s')",
                    "\(metadata) values ('label', 't', 'it''s', 'it''s')",
                ]
            ),
            (
                "<ext:dropType name=\"t\"/>",
                [
                    "DROP TYPE t",
                    "delete from ddm_liquibase_metadata where change_type = 'type' and change_name = 't'",
                    "delete from ddm_liquibase_metadata where change_type = 'label' and change_name = 't'",
                ]
            ),
            (
                """
                <ext:createDomain name="d" type="text" nullable="false" collation="C" defaultValue="'x'">\
                <ext:constraint implementation="VALUE &lt;> ''"/></ext:createDomain>
                """, ["CREATE DOMAIN d AS text NOT NULL COLLATE \"C\" DEFAULT 'x' CHECK (VALUE <> '')"]
            ),
            ("<ext:dropDomain name=\"d\"/>", ["DROP DOMAIN d"]),
        ])
    func types(_ change: String, _ expected: [String]) throws {
        #expect(try Regulation.sql(change) == expected)
    }

    @Test("a quote is found also where a combining mark stands behind it")
    func quotes() {
        let label =
            "<ext:createType name=\"t\"><ext:asEnum><ext:label>it'\u{301}s</ext:label></ext:asEnum></ext:createType>"
        #expect(Regulation.mistakes(label).contains { $0.contains("has a single quote in it") })
        #expect(MetadataSQL.literal("it'\u{301}s") == "'it''\u{301}s'")
    }

    @Test("a many-to-many relation with columns joins both tables")
    func manyToMany() throws {
        let sql = try Regulation.sql(
            Self.town,
            """
            <ext:createMany2Many mainTableName="Main" mainTableKeyField="main_id" referenceTableName="town" \
            referenceKeysArray="town_ids"><ext:mainTableColumns><ext:column name="a"/><ext:column name="b" alias="c"/>\
            </ext:mainTableColumns><ext:referenceTableColumns><ext:column name="name" alias="town"/>\
            </ext:referenceTableColumns></ext:createMany2Many>
            """)
        #expect(
            sql.first == """
                CREATE OR REPLACE VIEW main_town_rel_v AS WITH main_cte as (SELECT main.main_id, \
                UNNEST(main.town_ids) AS town_id, main.a, main.b AS c FROM main) SELECT main_cte.main_id, \
                main_cte.town_id, main_cte.a, main_cte.c, town.name AS town FROM main_cte JOIN town USING (town_id)
                """)
    }

    @Test("entities, parts of tables and the ways of reading them are noted for the services")
    func metadataRows() throws {
        let row = { (values: String) in "\(Self.metadata) values (\(values))" }
        #expect(
            try Regulation.sql(
                Self.town, Self.person,
                """
                <ext:createCompositeEntity name="c"><ext:nestedEntity table="person"><ext:link column="town_id" \
                entity="t"/></ext:nestedEntity><ext:nestedEntity name="t" table="town"/></ext:createCompositeEntity>
                """) == [row("'nested', 'c', 'person', 'town_id'")])
        #expect(
            try Regulation.sql(
                Self.person,
                """
                <ext:tableReadParameters table="person"><ext:column name="town_id" fetchType="entity"/>\
                </ext:tableReadParameters>
                """) == [row("'nestedRead', 'person', 'town', 'town_id'")])
        #expect(
            try Regulation.sql(
                Self.town,
                """
                <ext:alterTableApi table="town"><ext:attribute name="bulkLoad" value="true"/><ext:attribute \
                name="readMode" value="sync"/></ext:alterTableApi>
                """) == [
                    """
                    delete from ddm_liquibase_metadata where change_type = 'bulkLoad' and change_name = 'town' and \
                    attribute_name = 'bulkLoad'
                    """, row("'bulkLoad', 'town', 'bulkLoad', 'true'"),
                    """
                    delete from ddm_liquibase_metadata where change_type = 'readMode' and change_name = 'createTable' \
                    and attribute_name = 'town'
                    """,
                ])
        #expect(
            try Regulation.sql(
                """
                <ext:createAsyncLoad name="l"><ext:entityList><ext:entity name="e" limit="100"/></ext:entityList>\
                </ext:createAsyncLoad><ext:deleteAsyncLoad name="l"><ext:entityList><ext:entity name="e"/>\
                </ext:entityList></ext:deleteAsyncLoad>
                """) == [
                    row("'create_async_load', 'l', 'e', '100'"),
                    "delete from ddm_liquibase_metadata where attribute_name = 'e'",
                ])
        let update = try Regulation.sql(
            """
            <ext:partialUpdate name="u"><ext:table name="person"><ext:column name="a"/><ext:column name="b"/></ext:table>\
            </ext:partialUpdate>
            """)
        #expect(
            update.suffix(2) == [
                row("'partialUpdate', 'u', 'person', 'a'"), row("'partialUpdate', 'u', 'person', 'b'"),
            ])
        #expect(update.first?.contains("the table person does not exist") == true)
    }

    @Test("rights of all kinds, and rules about rows")
    func rights() throws {
        let row = "insert into ddm_role_permission(role_name, object_name, column_name, operation, object_type) values"
        #expect(
            try Regulation.sql(
                """
                <ext:rbac><ext:role name="r" realm="x"><ext:table name="t" insert="true" delete="true" read="true" \
                update="false"/><ext:searchCondition name="s"/></ext:role></ext:rbac>
                """) == [
                    "DELETE FROM ddm_role_permission", "\(row) ('r', 't', null, 'I', 'table')",
                    "\(row) ('r', 't', null, 'D', 'table')", "\(row) ('r', 't', null, 'S', 'table')",
                    "\(row) ('r', 's', null, 'S', 'search_condition')",
                ])
        #expect(
            try Regulation.sql(
                """
                <ext:rls name="x"><ext:addReadRule name="a" jwtAttribute="j" checkColumn="c" checkTable="t"/>\
                <ext:removeWriteRule name="b"/></ext:rls>
                """) == [
                    """
                    INSERT INTO ddm_rls_metadata(type, name, jwt_attribute, check_table, check_column) VALUES \
                    ('read', 'a', 'j', 't', 'c')
                    """, "DELETE FROM ddm_rls_metadata WHERE type='write' AND name='b'",
                ])
    }

    @Test(
        "mistakes in other changes are found before anything runs, with their line",
        arguments: [
            ("<ext:createType name=\"t\"/>", "'asEnum' or 'asComposite' is required"),
            (
                "<ext:createType name=\"t\"><ext:asEnum><ext:label translation=\"о'\">a</ext:label></ext:asEnum></ext:createType>",
                "'translation' has a single quote in it"
            ),
            (
                "<ext:createDomain name=\"d\" type=\"text\"><ext:constraint implementation=\"CHECK (true)\"/></ext:createDomain>",
                "'implementation' is the condition alone"
            ),
            (
                """
                <ext:createMany2Many mainTableName="a" mainTableKeyField="a_id" referenceTableName="b" \
                referenceKeysArray="b_ids"/>
                """, "the changelog does not create the table b"
            ),
            (
                """
                <ext:createCompositeEntity name="c"><ext:nestedEntity table="person"><ext:link column="name" \
                entity="t"/></ext:nestedEntity><ext:nestedEntity name="t" table="town"/></ext:createCompositeEntity>
                """, "the column 'name' of person has no foreign key to town"
            ),
            (
                "<ext:createCompositeEntity name=\"c\"><ext:nestedEntity table=\"x\"/></ext:createCompositeEntity>",
                "the changelog does not create the table x"
            ),
            (
                "<ext:partialUpdate name=\"u\"><ext:table name=\"a\"/><ext:table name=\"a\"/></ext:partialUpdate>",
                "the table 'a' is there twice"
            ),
            (
                """
                <ext:rbac><ext:role name="r"><ext:table name="t" read="true"><ext:column name="c" read="true"/>\
                </ext:table></ext:role></ext:rbac>
                """, "'read' stands on the table 't' and on its column 'c'"
            ),
            (
                "<ext:alterTableApi table=\"town\"><ext:attribute name=\"bulkLoad\" value=\"yes\"/></ext:alterTableApi>",
                "the attribute 'bulkLoad' with the value \"yes\" is not known"
            ),
            (
                "<ext:tableReadParameters table=\"town\"><ext:column name=\"town_id\" fetchType=\"id\"/></ext:tableReadParameters>",
                "the column 'town_id' of town leads to no table"
            ),
            ("<ext:rls><ext:addReadRule name=\"a\"/></ext:rls>", "'checkTable' is required"),
        ])
    func mistakes(_ change: String, _ message: String) {
        let found = Regulation.mistakes(Self.town, Self.person, change)
        #expect(found.contains { $0.hasPrefix("4: ") && $0.contains(message) }, "\(found)")
    }
}
