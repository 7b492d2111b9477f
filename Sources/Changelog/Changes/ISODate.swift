import Diagnostics
import Foundation

/// Dates of changelogs: what counts as one, and how it is written.
enum ISODate {
    /// The ISO form of a date (`2020-01-31`), a time (`10:20:30`) or a timestamp (`2020-01-31T10:20:30.5`); nil for
    /// everything else, which then is an expression for the server.
    static func normalized(_ text: String) -> String? {
        let characters = Array(text)
        switch characters.count {
        case 8: return isTime(text) ? text : nil
        case 10: return isDate(text) ? text : nil
        case 19: return timestamp(text)
        case 28: return java(text)
        case 25 where ["+", "-"].contains(characters[19]): return utc(text)
        case 20... where characters[19] == ".": return fraction(characters)
        default: return nil
        }
    }

    private static func timestamp(_ text: String) -> String? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
        guard parts.count == 2, isDate(parts[0]), isTime(parts[1]) else { return nil }
        return "\(parts[0])T\(parts[1])"
    }

    /// What Java makes of a date that stands in YAML without quotes: `Thu Jan 02 00:00:00 UTC 2020`.
    private static func java(_ text: String) -> String? {
        let words = text.parts(at: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[4] == "UTC" || words[4] == "GMT", words[2].count == 2,
            let month = months.firstIndex(of: String(words[1]))
        else { return nil }
        return timestamp("\(words[5])-\(month < 9 ? "0" : "")\(month + 1)-\(words[2])T\(words[3])")
    }

    private static func fraction(_ characters: [Character]) -> String? {
        guard let whole = timestamp(String(characters[..<19])) else { return nil }
        var digits = characters[20...]
        guard !digits.isEmpty, digits.count <= 9, digits.allSatisfy(isDigit) else { return nil }
        while digits.last == "0" { digits.removeLast() }
        return digits.isEmpty ? whole : "\(whole).\(String(digits))"
    }

    /// A timestamp with an offset is moved to UTC, the zone in which the engine works.
    private static func utc(_ text: String) -> String? {
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        return String(date.formatted(.iso8601).prefix(19))
    }

    private static func isDate(_ text: some StringProtocol) -> Bool {
        numbers(text, separator: "-", widths: [4, 2, 2]).map { (1...12).contains($0[1]) && (1...31).contains($0[2]) }
            ?? false
    }

    private static func isTime(_ text: some StringProtocol) -> Bool {
        numbers(text, separator: ":", widths: [2, 2, 2]).map { $0[0] < 24 && $0[1] < 60 && $0[2] < 60 } ?? false
    }

    private static func numbers(_ text: some StringProtocol, separator: Character, widths: [Int]) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.count) == widths, parts.allSatisfy({ $0.allSatisfy(isDigit) }) else { return nil }
        return parts.compactMap { Int($0) }
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
