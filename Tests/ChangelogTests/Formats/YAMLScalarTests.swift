import Testing

@testable import Changelog

/// What YAML 1.1 and Java make of unquoted words, because it ends up in the books.
@Suite struct YAMLScalarTests {
    @Test(
        "an unquoted word becomes the text that Liquibase sees",
        arguments: [
            ("text", "text"), ("yes", "true"), ("Off", "false"), ("y", "y"), ("7", "7"), ("+7", "7"), ("-7", "-7"),
            ("010", "8"), ("08", "08"), ("0x1F", "31"), ("0b101", "5"), ("1_000", "1000"), ("1:30", "90"), ("0", "0"),
            ("12345678901234567890123", "12345678901234567890123"), ("1.10", "1.1"), ("1.0", "1.0"), ("1.", "1.0"),
            (".5", "0.5"), ("1e3", "1000.0"), ("1.5e7", "1.5E7"), ("12345678.0", "1.2345678E7"), ("0.001", "0.001"),
            ("0.0001", "1.0E-4"), ("-0.00012", "-1.2E-4"), (".inf", "Infinity"), ("1.2.3", "1.2.3"), ("1-2", "1-2"),
            ("1e", "1e"), ("-", "-"), (".", "."), ("4.33.0", "4.33.0"), ("2001-02-03", "Sat Feb 03 00:00:00 UTC 2001"),
            ("2001-02-03 04:05:06", "2001-02-03 04:05:06"), ("2001-2-3T4:05:06.7Z", "2001-02-03 04:05:06"),
            ("2001-02-03T04:05:06+02:00", "Sat Feb 03 02:05:06 UTC 2001"), ("2001-2-3", "2001-2-3"),
            ("1970-01-01", "Thu Jan 01 00:00:00 UTC 1970"), ("2024-02-29", "Thu Feb 29 00:00:00 UTC 2024"),
        ])
    func plain(_ written: String, _ seen: String) {
        #expect(YAMLScalar(plain: written) == .text(seen))
    }

    @Test("no value is no text", arguments: ["", "~", "null", "NULL"])
    func null(_ written: String) {
        #expect(YAMLScalar(plain: written) == .null)
    }

    @Test("quotes and tags keep a word as it is written")
    func quoted() throws {
        let text = """
            databaseChangeLog:
              - changeSet: {id: "010", author: !!str 1.10, changes: [{empty: {}}]}
            """
        let identity = try #require(try Reading.changelog(["c.yaml": text]).changeSets.first).identity
        #expect(identity.id == "010")
        #expect(identity.author == "1.10")
    }
}
