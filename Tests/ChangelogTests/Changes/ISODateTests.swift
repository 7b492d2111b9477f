import Testing

@testable import Changelog

@Suite struct ISODateTests {
    @Test(
        "dates are what Liquibase takes for dates, in ISO form; everything else is an expression",
        arguments: [
            ("2020-01-31", "2020-01-31"), ("10:20:30", "10:20:30"), ("2020-01-31 10:20:30", "2020-01-31T10:20:30"),
            ("2020-01-31T10:20:30.500", "2020-01-31T10:20:30.5"), ("2020-01-31T10:20:30+02:00", "2020-01-31T08:20:30"),
            ("Thu Jan 02 00:00:00 UTC 2020", "2020-01-02T00:00:00"),
            ("Wed Nov 12 23:59:58 GMT 2025", "2025-11-12T23:59:58"), ("Thu Jan 02 00:00:00 CET 2020", nil),
            ("Thu Foo 02 00:00:00 UTC 2020", nil), ("now()", nil), ("2020-13-01", nil),
        ] as [(String, String?)])
    func normalized(_ text: String, _ expected: String?) {
        #expect(ISODate.normalized(text) == expected)
    }

    @Test("a date that stands in YAML without quotes is a timestamp, as it is for Liquibase")
    func yaml() throws {
        let text = """
            databaseChangeLog:
            - changeSet:
                id: 1
                author: a
                changes:
                - addColumn: {tableName: t, columns: [{column: {name: d, type: date, defaultValueDate: 2020-01-02}}]}
            """
        let source = MemorySource(["c.yaml": Array(text.utf8)])
        let prepared = try PreparedChangelog(ChangelogReader(source: source).read("c.yaml"), source: source)
        #expect(
            try prepared.changeSets[0].statements().map(\.text) == [
                "ALTER TABLE public.t ADD d date DEFAULT '2020-01-02 00:00:00'"
            ])
    }
}
