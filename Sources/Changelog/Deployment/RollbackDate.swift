import Diagnostics

/// The moment to go back to, in the time zone of the books.
public struct RollbackDate: Sendable, Hashable, CustomStringConvertible {
    /// As the books have it, `2026-01-31 10:20:30.5`.
    public let description: String

    /// Reads `2026-01-31`, `2026-01-31 10:20:30` or `2026-01-31T10:20:30.5`; nil for everything else.
    public init?(_ text: String) {
        guard let normalized = ISODate.normalized(text), normalized.count != 8, text.count != 25 else { return nil }
        let date = normalized.replacingAll("T", with: " ")
        description = date.count == 10 ? "\(date) 00:00:00" : date
    }
}
