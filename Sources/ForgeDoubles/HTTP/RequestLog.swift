import Diagnostics
import NIOConcurrencyHelpers

/// What was asked of a double, in order, so that tests can count requests and writes.
package final class RequestLog: Sendable {
    /// One request.
    package struct Entry: Hashable, Sendable, Codable, CustomStringConvertible {
        package let method: String
        /// The path with its query, as it came. Values of `access_token` and `private_token` are left out.
        package let path: String
        /// The status that was answered; 0 when the connection was closed instead.
        package let status: Int

        /// Whether it would have changed something: not `GET` nor `HEAD`, no fetch by git and no query.
        package var isWrite: Bool {
            !["GET", "HEAD"].contains(method) && !path.ends(with: "/git-upload-pack") && !path.ends(with: "/graphql")
        }

        package var description: String { "\(method) \(path) \(status)" }
    }

    private let list = NIOLockedValueBox<[Entry]>([])

    /// All entries.
    package var entries: [Entry] { list.withLockedValue { $0 } }

    /// The writes among them.
    package var writes: [Entry] { entries.filter(\.isWrite) }

    /// Forgets everything.
    package func clear() { list.withLockedValue { $0 = [] } }

    func append(_ entry: Entry) {
        list.withLockedValue { list in
            list.append(entry)
            // A double that runs for days must not grow without end.
            if list.count > 100_000 { list.removeFirst(50_000) }
        }
    }
}
