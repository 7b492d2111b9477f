import Foundation
import Testing

@testable import PostgresClient

struct TextFormatTests {
    @Test(
        "A timestamp with an offset is the instant it means",
        arguments: [
            ("1970-01-01 00:00:00+00", 0.0), ("2000-02-29 23:59:59.5+00", 951_868_799.5),
            ("1969-12-31 23:59:59.999999+00", -0.000001), ("2026-11-20 14:03:07+05:30", 1_795_163_587),
            ("2026-11-20 00:00:00-03", 1_795_143_600), ("0001-01-01 00:00:00+00", -62_135_596_800),
            ("1900-01-01 00:00:00+00:53:28", -2_208_992_008), ("9999-12-31 23:59:59+00", 253_402_300_799),
        ])
    func timestamps(text: String, seconds: Double) throws {
        let date = try #require(TimestampText.parse(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_001)
        let again = try #require(TimestampText.parse(TimestampText.format(date)))
        #expect(abs(again.timeIntervalSince(date)) < 0.000_002)
    }

    @Test(
        "What is no finite instant is refused",
        arguments: ["", "infinity", "-infinity", "2026-11-20 14:03:07", "2026-11-20", "x", "0044-03-15 12:00:00+00 BC"])
    func noTimestamps(text: String) { #expect(TimestampText.parse(text) == nil) }

    @Test("The ends of time are PostgreSQL's own")
    func endsOfTime() {
        #expect(TimestampText.format(.distantFuture) != "infinity")
        #expect(TimestampText.format(Date(timeIntervalSince1970: 1e15)) == "infinity")
        #expect(TimestampText.format(Date(timeIntervalSince1970: -1e15)) == "-infinity")
    }

    @Test(
        "An array's text is its elements",
        arguments: [
            ("{}", []), ("{a,b}", ["a", "b"]), ("{NULL,\"NULL\"}", [nil, "NULL"]), ("{\"\",\"a,b\"}", ["", "a,b"]),
            ("{\"\\\"\\\\{\"}", ["\"\\{"]), ("{1,-2}", ["1", "-2"]),
        ] as [(String, [String?])])
    func arrays(text: String, elements: [String?]) { #expect(ArrayText.parse(text) == elements) }

    @Test(
        "What is no one-dimensional array is refused",
        arguments: ["", "{", "}", "{a", "{a,}", "{,a}", "{{1},{2}}", "{a}b", "a", "{\"a}", "{\"a\"b}", "{a\\"])
    func noArrays(text: String) { #expect(ArrayText.parse(text) == nil) }
}
