import Changelog
import Testing

@testable import RegistryChanges

/// Search conditions.
@Suite struct SearchConditionTests {
    private static let person = Regulation.table(
        "person",
        """
        <column name="name" type="TEXT"/><column name="code" type="CHAR"/><column name="short" type="VARCHAR(10)"/>\
        <column name="born" type="DATE"/><column name="town_id" type="UUID"><constraints foreignKeyName="fk_town" \
        referencedTableName="town" referencedColumnNames="town_id"/></column><column name="tag_ids" type="UUID[]"/>
        """)

    private static func condition(_ inner: String, _ attributes: String = "") -> String {
        "<ext:createSearchCondition name=\"find\" \(attributes)>\(inner)</ext:createSearchCondition>"
    }

    private static let metadata =
        "insert into ddm_liquibase_metadata(change_type, change_name, attribute_name, attribute_value)"

    @Test(
        "each kind of search has its index",
        arguments: [
            ("name", "contains", "USING GIN (name gin_trgm_ops)"), ("name", "startsWith", "(name text_pattern_ops)"),
            ("code", "startsWithArray", "(code bpchar_pattern_ops)"),
            ("name", "equal", "(lower(cast(name as varchar)))"),
            ("name", "notIn", "(lower(cast(name as varchar)))"), ("born", "between", "(born)"),
            ("code", "in", "(code)"),
        ])
    func indexes(_ column: String, _ search: String, _ index: String) throws {
        let table = "<ext:table name=\"person\"><ext:column name=\"\(column)\" searchType=\"\(search)\"/></ext:table>"
        let sql = try Regulation.sql(Self.person, Self.condition(table, "indexing=\"true\""))
        let space = index.hasPrefix("(") ? "" : " "
        #expect(sql[1] == "CREATE INDEX IF NOT EXISTS ix_person__\(column) ON person\(space)\(index)")
    }

    @Test("parts, functions, nested conditions and operators become one view and what services must know")
    func everything() throws {
        let sql = try Regulation.sql(
            Self.person,
            """
            <ext:createMany2Many mainTableName="person" mainTableKeyField="person_id" referenceTableName="person" \
            referenceKeysArray="tag_ids"/>
            """,
            Self.condition(
                """
                <ext:cte name="towns"><ext:table name="town" alias="t"><ext:column name="town_id"/>\
                <ext:column name="title" alias="town"/></ext:table><ext:where><ext:condition tableAlias="t" \
                columnName="title" operator="isNull" value="false"/></ext:where></ext:cte>\
                <ext:table name="person" alias="p"><ext:column name="name" searchType="contains" sorting="desc" \
                required="true"/><ext:column name="tag_ids" returning="true" fetchType="entity"/>\
                <ext:logicOperator type="or"><ext:column name="code" searchType="equal"/><ext:column name="born" \
                alias="birthday" searchType="between"/></ext:logicOperator><ext:function name="count" \
                columnName="person_id" alias="cnt"/><ext:function name="string_agg" columnName="short" \
                alias="shorts" parameter="','"/></ext:table><ext:table name="towns" alias="w"><ext:column name="town" \
                searchType="equal"/></ext:table><ext:join type="left"><ext:left alias="p"><ext:column \
                name="town_id"/></ext:left><ext:right alias="w"><ext:column name="town_id"/></ext:right></ext:join>\
                <ext:where><ext:condition tableAlias="p" columnName="name" operator="similar" value="'^a'">\
                <ext:condition logicOperator="and" tableAlias="p" columnName="code" operator="in" value="'x', 'y'"/>\
                </ext:condition><ext:condition logicOperator="or" tableAlias="p" columnName="born" operator="lt" \
                value="now()"/></ext:where>
                """, "limit=\"10\" pagination=\"page\" indexing=\"true\" readMode=\"async\""))
        #expect(
            sql.first == """
                CREATE OR REPLACE VIEW find_v AS WITH towns AS (SELECT t.town_id, t.title AS town FROM town AS t \
                WHERE (t.title IS NOT NULL)) SELECT p.name, p.tag_ids, p.code, p.born AS birthday, \
                COUNT(p.person_id) AS cnt, STRING_AGG(p.short, ',') AS shorts, w.town FROM person AS p LEFT JOIN \
                towns AS w ON (p.town_id = w.town_id) WHERE ((p.name ~ '^a') and (p.code IN ('x', 'y'))) or \
                (p.born < now()) GROUP BY p.name, p.tag_ids, p.code, p.born, w.town ORDER BY p.name DESC
                """)
        #expect(
            sql.dropFirst() == [
                "CREATE INDEX IF NOT EXISTS ix_person__name ON person USING GIN (name gin_trgm_ops)",
                "CREATE INDEX IF NOT EXISTS ix_town__title ON town(title)",
                "GRANT SELECT ON find_v TO application_role",
                "\(Self.metadata) values ('find', 'person', 'count', 'cnt')",
                "\(Self.metadata) values ('find', 'person', 'string_agg', 'shorts')",
                "\(Self.metadata) values ('searchCondition', 'find', 'column', 'name')",
                "\(Self.metadata) values ('searchCondition', 'find', 'containsColumn', 'name')",
                "\(Self.metadata) values ('searchCondition', 'find', 'requiredColumn', 'name')",
                "\(Self.metadata) values ('searchCondition', 'find', 'column', 'tag_ids')",
                "\(Self.metadata) values ('find', 'person', 'tag_ids', 'tag_ids')",
                "\(Self.metadata) values ('nestedRead', 'find', 'person', 'tag_ids')",
                "\(Self.metadata) values ('searchCondition', 'find', 'column', 'code')",
                "\(Self.metadata) values ('searchCondition', 'find', 'equalColumn', 'code')",
                "\(Self.metadata) values ('searchCondition', 'find', 'column', 'birthday')",
                "\(Self.metadata) values ('searchCondition', 'find', 'betweenColumn', 'birthday')",
                "\(Self.metadata) values ('searchCondition', 'find', 'column', 'town')",
                "\(Self.metadata) values ('searchCondition', 'find', 'equalColumn', 'town')",
                "\(Self.metadata) values ('searchCondition', 'find', 'limit', '10')",
                "\(Self.metadata) values ('searchCondition', 'find', 'pagination', 'page')",
                "\(Self.metadata) values ('readMode', 'createSearchCondition', 'find', 'async')",
                """
                \(Self.metadata) values ('searchCondition', 'find', 'logicOperator', '{"operations":[{"tableName":"p",\
                "logicOperators":[{"type":"or","columns":["code","birthday"],"logicOperators":[]}]}]}')
                """,
            ])
    }

    @Test("numbering and windows are not grouped by, and a limit of all is none")
    func windows() throws {
        let sql = try Regulation.sql(
            Self.condition(
                """
                <ext:table name="person"><ext:column name="name"/><ext:function name="row_number" columnName="born" \
                alias="place" window="ORDER BY name"/></ext:table>
                """, "limit=\"all\""))
        #expect(
            sql.first
                == "CREATE OR REPLACE VIEW find_v AS SELECT name, ROW_NUMBER() OVER (ORDER BY name) AS place FROM person"
        )
        #expect(!sql.contains { $0.contains("'limit'") })
    }

    @Test("a simple search condition is a whole table with one column to search by")
    func simple() throws {
        let sql = try Regulation.sql(
            Self.person,
            """
            <ext:createSimpleSearchCondition name="Simple" indexing="true" limit="5"><ext:table name="person" alias="p" \
            searchColumn="name" searchType="contains"/></ext:createSimpleSearchCondition>
            """)
        #expect(
            sql == [
                "CREATE OR REPLACE VIEW simple_v AS SELECT p.* FROM person AS p",
                "CREATE INDEX ix_simple_person_name ON person(name text_pattern_ops)",
                "\(Self.metadata) values ('searchCondition', 'simple', 'containsColumn', 'name')",
                "\(Self.metadata) values ('searchCondition', 'simple', 'limit', '5')",
            ])
    }

    @Test("a search condition is exposed and dropped; one that the changelog does not create must be in the database")
    func others() throws {
        let expose =
            "<ext:exposeSearchCondition name=\"find\" trembita=\"true\" platform=\"false\" publicAccess=\"false\"/>"
        let condition = Self.condition("<ext:table name=\"person\"><ext:column name=\"name\"/></ext:table>")
        let rows = [
            "\(Self.metadata) values ('expose', 'trembita', 'searchCondition', 'find')",
            """
            delete from ddm_liquibase_metadata where (change_type = 'expose') and (change_name = 'publicAccess') and \
            (attribute_value = 'find')
            """,
        ]
        #expect(try Regulation.sql(condition, expose) == rows)
        let unknown = try Regulation.sql(expose)
        #expect(unknown.dropFirst() == rows[...])
        #expect(unknown.first?.contains("the search condition find does not exist") == true)
        let drop = try Regulation.sql(condition, "<ext:dropSearchCondition name=\"find\"/>")
        #expect(drop.first == "drop view if exists find_v")
        #expect(drop.count == 5)
    }

    @Test("what belongs to the other database is left out, whatever its author wrote about contexts")
    func otherDatabase() throws {
        let analytics = Regulation.changeSet(
            "<ext:grantAll><ext:role name=\"r\"/></ext:grantAll>", id: "analytics")
        let search = Regulation.changeSet(
            Self.condition("<ext:table name=\"person\"><ext:column name=\"name\"/></ext:table>"), id: "search")
        let operational = try Regulation.changelog(analytics + search, contexts: "all,pub")
        #expect(operational.changeSets.map(\.identity.id) == ["search"])
        #expect(operational.leftOut.map(\.changeSet.identity.id) == ["analytics"])
        let replica = Regulation.mistakes("<ext:grantAll><ext:role name=\"r\"/></ext:grantAll>", contexts: "all,sub")
        #expect(replica.first?.contains("change type grantAll is not supported") == true)
        let excluded = Regulation.changeSet("<ext:distributeTable tableName=\"a\"/>", id: "x", "context=\"sub\"")
        #expect(try Regulation.changelog(excluded + search).changeSets.count == 1)
    }

    @Test(
        "mistakes in search conditions are found before anything runs",
        arguments: [
            (
                "<ext:table name=\"a\"><ext:column name=\"b\"/></ext:table>", "indexing=\"true\"",
                "'indexing' is true, and no column has a 'searchType'"
            ),
            (
                "<ext:table name=\"person\"><ext:column name=\"short\" searchType=\"startsWith\"/></ext:table>",
                "indexing=\"true\"", "needs the type text, varchar or char without a length, not varchar(10)"
            ),
            (
                "<ext:table name=\"a\"><ext:column name=\"b\" searchType=\"like\"/></ext:table>", "",
                "the search type \"like\" is not known"
            ),
            (
                "<ext:table name=\"a\"><ext:function name=\"count\" columnName=\"b\" alias=\"c\" parameter=\"d\"/></ext:table>",
                "", "the function count takes no 'parameter'"
            ),
            (
                "<ext:table name=\"a\"><ext:column name=\"b\" fetchType=\"entity\" returning=\"true\"/></ext:table>",
                "",
                "leads to no table, so no entity is fetched by it"
            ),
            (
                "<ext:table name=\"a\"><ext:logicOperator type=\"or\"><ext:column name=\"b\"/></ext:logicOperator></ext:table>",
                "", "the column 'b' inside a 'logicOperator' needs a 'searchType'"
            ),
            (
                """
                <ext:table name="a" alias="x"/><ext:table name="b" alias="y"/><ext:join type="inner"><ext:left \
                alias="x"><ext:column name="c"/></ext:left><ext:right alias="z"><ext:column name="c"/></ext:right></ext:join>
                """, "", "the join of 'x' and 'z' brings no table that is not there yet"
            ),
            (
                "<ext:table name=\"a\"/><ext:where><ext:condition columnName=\"b\" operator=\"equals\" value=\"1\"/></ext:where>",
                "", "the operator \"equals\" is not known"
            ),
            ("<ext:table name=\"a'b\"><ext:column name=\"c\"/></ext:table>", "", "'name' has a single quote in it"),
        ])
    func mistakes(_ inner: String, _ attributes: String, _ message: String) {
        let found = Regulation.mistakes(Self.person, Self.condition(inner, attributes))
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test("search conditions stand in changesets of their own")
    func alone() {
        let condition = Self.condition("<ext:table name=\"a\"><ext:column name=\"b\"/></ext:table>")
        let found = Regulation.mistakes("<sql>select 1</sql>\(condition)")
        #expect(found.contains { $0.contains("it shares its changeset with sql") }, "\(found)")
        #expect(Regulation.mistakes(condition).isEmpty)
    }
}
