import Testing

@testable import Changelog

/// The strings and digests were recorded from Liquibase 4.33.
@Suite struct ChecksumTests {
    @Test(
        "changes are serialised and hashed bit for bit as Liquibase does",
        arguments: [
            (
                """
                <createTable tableName="alt"><column name="id" type="int"><constraints primaryKey="true"/></column>
                <column name="v" type="varchar(10)"/><column name="n" type="int"/></createTable>
                """, "46361a195641062a8451a10668d804e0", "19ec4d0e7134cbf879a3656afa97aed2"
            ),
            (
                """
                <insert tableName="alt"><column name="id" valueNumeric="1"/><column name="v" value="12"/></insert>
                """, "77e84688a2fcd1fa9c33357fbe9acc94", "b52c818a1e0f2a1fda47c7522a3f14a4"
            ),
            (
                """
                <addColumn tableName="alt"><column name="c2" type="varchar(5)" value="x"><constraints nullable="false"/>
                </column></addColumn>
                """, "7d444c91380c3f6f907c749b567fa29a", "9761abc284e16deaa3f408395390eb14"
            ),
            (
                """
                <addColumn tableName="alt"><column name="c5" type="timestamp" remarks="c5's remark"
                valueComputed="timestamp '2020-01-01 00:00:00'"/></addColumn>
                """, "b2e5a84bf1cca7634b342ed5370e3330", "201cf0b57d8e83eb392022fa888cd26a"
            ),
            (
                "<createIndex indexName=\"idx_charges_external_id\" tableName=\"charges\" unique=\"true\">"
                    + "<column name=\"external_id\" type=\"char(26)\"/></createIndex>",
                "", "018314d8cd14c4172262cd7794cce52c"
            ),
            ("<empty/>", "e717f241a5d9fd9a7632faa096d059cc", "7a37a4e4638085400ecf49cb0bebb7de"),
            ("<stop>the end</stop>", "16eed42e89fa7cfb8e2e4a2b3b64c6eb", ""),
            (
                "<sql>insert into fmt (n) values ('w')</sql>", "122e9d46fa065b2478ab0c9d9a7868c1",
                "e00f77988c5689029c0f386a7a8b56cb"
            ),
        ])
    func digests(_ change: String, _ ofChange: String, _ ofChangeSet: String) throws {
        let prepared = try Preparing.only(change)
        if !ofChange.isEmpty { #expect(prepared.changes.first?.checksum().digest == ofChange) }
        if !ofChangeSet.isEmpty { #expect(prepared.checksum.description == "9:" + ofChangeSet) }
    }

    @Test("a changeset without changes has the digest of nothing")
    func nothing() throws {
        #expect(try Preparing.only("<comment>x</comment>").checksum.description == "9:d41d8cd98f00b204e9800998ecf8427e")
    }

    @Test(
        "what stands in books is read",
        arguments: [
            ("9:abc", 9, "abc"), ("8:0123", 8, "0123"), ("abc", 1, "abc"), ("any", 1, "any"), ("x:y", 1, "x:y"),
        ])
    func reading(_ text: String, _ version: Int, _ digest: String) {
        #expect(Checksum(text) == Checksum(version: version, digest: digest))
    }

    @Test("descriptions name what a change deals with, in at most 250 characters")
    func descriptions() throws {
        let one = "<addColumn tableName=\"e1\"><column name=\"a\" type=\"int\"/></addColumn>"
        #expect(try Preparing.only(one).description == "addColumn tableName=e1")
        let many = try Preparing.only(String(repeating: one, count: 20)).description
        #expect(many.count == 250)
        #expect(many.hasSuffix("..."))
        let procedure = "<createProcedure procedureName=\"p\" path=\"p.sql\"/>"
        let fromFile = try Preparing.only(procedure, files: ["p.sql": "create procedure p() as $$ $$"])
        #expect(fromFile.description == "createProcedure path=p.sql, procedureName=p")
    }
}
