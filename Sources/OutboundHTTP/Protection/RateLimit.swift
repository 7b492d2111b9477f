import Diagnostics
public import Foundation

/// What a host says of how much it may still be asked.
public struct RateLimit: Hashable, Sendable {
    /// How many requests there are in a period.
    public let limit: Int?
    /// How many are left in this one.
    public let remaining: Int?
    /// When the next period begins.
    public let resets: Date?

    /// Reads the headers of GitHub (`x-ratelimit-…`) and GitLab (`ratelimit-…`); nil when there are none.
    public init?(headers: OutboundHeaders) {
        func number(_ name: String) -> Int? {
            (headers["ratelimit-\(name)"] ?? headers["x-ratelimit-\(name)"]).flatMap { Int($0) }
        }
        let seconds = number("reset").flatMap { (0...4_102_444_800).contains($0) ? $0 : nil }
        (limit, remaining) = (number("limit"), number("remaining"))
        resets = seconds.map { Date(timeIntervalSince1970: TimeInterval($0)) }
        guard limit != nil || remaining != nil else { return nil }
    }

    /// How long is waited when a host says that it was asked too often, and names no time that lies ahead. GitHub asks for a
    /// minute.
    public static let shortestUnnamedWait = Duration.seconds(60)

    /// Whether the fields of a refusal say that it is one for asking too often.
    public static func isExhausted(headers: OutboundHeaders) -> Bool {
        headers["retry-after"] != nil || RateLimit(headers: headers)?.remaining == 0
    }

    /// How long the host asks us to wait, more than nothing and at most an hour; nil when it does not.
    ///
    /// `Retry-After` in seconds or as a date; without it, an exhausted limit until it resets. A time that has passed, as it
    /// comes with a clock that goes wrong, is no time: whoever takes it for "now" asks again and again.
    public static func wait(headers: OutboundHeaders, at now: Date) -> Duration? {
        if let seconds = headers["retry-after"].flatMap({ RetryAfter.seconds($0, at: now) }) {
            return RetryAfter.wait(seconds)
        }
        guard let limit = RateLimit(headers: headers), limit.remaining == 0, let resets = limit.resets else {
            return nil
        }
        return RetryAfter.wait(Int(resets.timeIntervalSince(now).rounded(.up)))
    }
}
