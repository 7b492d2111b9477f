import DesiredState
import Diagnostics
import Foundation

/// Makes values fit for PostgreSQL, whoever wrote them: its texts have no NUL, and a row is no place for megabytes.
enum Storable {
    /// The longest sentence that is kept, in characters.
    static let sentence = 4_096
    /// The longest detail that is kept, in characters.
    static let detail = 65_536

    /// The text without NUL characters, cut when it is too long.
    static func text(_ text: String, limit: Int = sentence) -> String {
        let clean = text.replacingAll("\0", with: "\u{FFFD}")
        guard clean.utf8.count > limit, clean.count > limit else { return clean }
        return clean.prefix(limit - 1) + "…"
    }

    /// The JSON text of a value without NUL characters, which PostgreSQL's `jsonb` refuses.
    static func json(_ value: JSONValue) -> String { clean(value).canonicalText }

    private static func clean(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: value
        case .string(let text): .string(text.replacingAll("\0", with: "\u{FFFD}"))
        case .array(let elements): .array(elements.map(clean))
        case .object(let members):
            .object(
                Dictionary(
                    members.map { ($0.replacingAll("\0", with: "\u{FFFD}"), clean($1)) },
                    uniquingKeysWith: { first, _ in first }))
        }
    }
}

extension Duration {
    /// The duration in whole microseconds, as intervals are handed to PostgreSQL. Brought into ±100 years, so that
    /// no sum of times overflows.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        let limit: Int64 = 100 * 366 * 86_400
        return min(max(seconds, -limit), limit) * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
