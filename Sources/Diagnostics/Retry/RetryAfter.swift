public import Foundation

/// What the header `Retry-After` says (RFC 9110, 10.2.3): seconds, or a date.
public enum RetryAfter {
    /// How many seconds lie ahead, also none or less; nil when the text is neither.
    public static func seconds(_ text: String, at now: Date) -> Int? {
        Int(text.trimmingCharacters(in: .whitespaces))
            ?? httpDate(text).map { Int($0.timeIntervalSince(now).rounded(.up)) }
    }

    /// How long that is to be waited: an hour at most; nil when the time has passed.
    public static func wait(_ seconds: Int) -> Duration? { seconds > 0 ? .seconds(min(seconds, 3600)) : nil }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// The formatter traps on text in which one character is several code points, and a date has none of them.
    public static func httpDate(_ text: String) -> Date? {
        guard text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return formatter.date(from: text)
    }
}
