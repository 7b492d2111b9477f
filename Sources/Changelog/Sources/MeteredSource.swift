import Diagnostics
import Synchronization

/// Files as another source has them, up to so many bytes in all: a change may name a large file as often as it likes.
final class MeteredSource: ChangelogSource {
    private let source: any ChangelogSource
    private let limit: Int
    private let bytesRead = Mutex(0)

    init(_ source: any ChangelogSource, limit: Int) {
        self.source = source
        self.limit = limit
    }

    func contents(of path: String) throws -> [UInt8]? {
        guard let bytes = try source.contents(of: path) else { return nil }
        let sum = bytesRead.withLock { sum in
            sum += bytes.count
            return sum
        }
        guard sum <= limit else {
            throw SluiceError(
                "changelog.too-large", .stalled, "the files that changes name have more than \(limit) bytes together")
        }
        return bytes
    }

    func files(below directory: String) throws -> [String]? { try source.files(below: directory) }
}
