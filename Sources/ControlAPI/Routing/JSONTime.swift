import DesiredState
import Foundation

extension JSONValue {
    /// A point in time as `2026-01-31T10:00:00.000Z`, the form of every time in answers; `null` for none.
    static func time(_ date: Date?) -> JSONValue {
        guard let date else { return .null }
        return .string(date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }

    /// A text, or `null`.
    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// A whole number, or `null`.
    static func optional(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }
}
