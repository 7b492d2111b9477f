import Diagnostics
import Foundation

/// How an HTTP server refused git, by the trace of the headers: git's own words name no time.
struct RefusalTrace {
    /// The status of the last answer; nil when there was none.
    private(set) var status: Int?
    /// How long the server asks to wait, an hour at most; nil when it does not say.
    private(set) var wait: Duration?

    /// - Parameter trace: What `GIT_TRACE_CURL` has written.
    init(_ trace: String, now: Date) {
        for line in trace.words(at: "\n") {
            guard let start = line.range(of: "<= Recv header: ", options: .caseInsensitive) else { continue }
            let header = line[start.upperBound...]
            if header.begins(with: "HTTP/") {
                // Each answer begins with its own.
                (status, wait) = (header.words(at: " ").dropFirst().first.flatMap { Int($0.prefix(3)) }, nil)
            } else if header.lowercased().begins(with: "retry-after:") {
                let text = String(Substring(header.utf8.dropFirst("retry-after:".utf8.count))).trimmingCharacters(
                    in: .whitespaces)
                wait = RetryAfter.seconds(text, at: now).flatMap(RetryAfter.wait)
            }
        }
    }

    /// How long is to be waited, when the server refused because it was asked too often; nil when it did not.
    var limit: Duration? {
        switch status {
        case 429: wait ?? .seconds(60)
        case 403, 503: wait
        default: nil
        }
    }
}
