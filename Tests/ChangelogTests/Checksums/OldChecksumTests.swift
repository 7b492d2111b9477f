import Testing

@testable import Changelog

/// Checksums of version 8, recorded from Liquibase 4.6.2: the registries in the field have them in their books.
@Suite struct OldChecksumTests {
    @Test(
        "the checksum of an older Liquibase is made as it made it",
        arguments: [
            (
                """
                <createTable tableName="u1"><column name="id" type="bigint" autoIncrement="true"><constraints
                primaryKey="true" nullable="false"/></column><column name="n" type="varchar(10)" defaultValue="x"/>
                </createTable>
                """, "8:9803db712a60afde99fc6c5bb492e6e7"
            ),
            (
                "<sql>insert into u1(n) values ('a');\n  insert into u1(n) values ('b');</sql>",
                "8:0e5f2caf59478e1d2a43958c6cff28ac"
            ),
            ("<createView viewName=\"uv\">select * from u1</createView>", "8:50b892541b28c1bf9a7977dc003c0eeb"),
            (
                """
                <createProcedure>create or replace function fup(a int) returns int as $$
                declare
                  x int := 1;
                begin
                  x := x + a;
                  return x;
                end;
                $$ language plpgsql;
                </createProcedure>
                """, "8:bd4d7439a4513e47b1cb7875a7dd1562"
            ),
        ])
    func versionEight(_ change: String, _ expected: String) throws {
        #expect(try Preparing.only(change).checksum(.v8).description == expected)
    }

    @Test("a row with the checksum of an older Liquibase is accepted and gets today's")
    func upgraded() throws {
        let changelog = try Preparing.changelog(
            Preparing.changeSet("<createView viewName=\"uv\">select * from u1</createView>"))
        let entry = BookEntry(
            identity: .init(id: "1", author: "a", path: "changelog.xml"),
            checksum: Checksum("8:50b892541b28c1bf9a7977dc003c0eeb"))
        let plan = DeploymentPlan(changelog, books: Books([entry]))
        #expect(plan.steps.map(\.action) == [.upgradeChecksum])
        #expect(plan.refusals.isEmpty)
    }
}
