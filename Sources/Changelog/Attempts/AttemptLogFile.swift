import Diagnostics
import Foundation
import Glibc
import Synchronization

/// A history of attempts in a file, one JSON object a line, for this user's eyes.
///
/// Each record is one write at the end of the file, so that several processes may share it, and is there when the
/// process dies at once behind it. A file of 32 MiB is put aside under the name with `.1`, in the place of an older one.
public final class AttemptLogFile: AttemptLog {
    private enum State {
        case closed
        case open(Int32)
        case givenUp
    }

    /// The file.
    public let path: String
    private let warn: @Sendable (String) -> Void
    private let state = Mutex(State.closed)

    /// A history at that path. File and directory are made with the first record.
    ///
    /// - Parameter warn: Told once when the file cannot be written.
    public init(path: String, warn: @escaping @Sendable (String) -> Void = { _ in }) {
        self.path = path
        self.warn = warn
    }

    deinit {
        if case .open(let file) = state.withLock({ $0 }) { close(file) }
    }

    /// Adds a record.
    public func append(_ record: AttemptRecord) {
        var line = Array(record.line.utf8)
        line.append(UInt8(ascii: "\n"))
        let problem: Int32? = state.withLock { state in
            if case .closed = state, let file = open() { state = .open(file) }
            switch state {
            case .givenUp: return nil
            case .open(let file):
                let written = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                guard written < 0, errno != EINTR else { return nil }
                let problem = errno
                close(file)
                state = .givenUp
                return problem
            case .closed:
                state = .givenUp
                return errno
            }
        }
        guard let problem else { return }
        warn("the history of attempts cannot be written to \(path): \(String(cString: strerror(problem)))")
    }

    /// The newest records, newest first, of a file and of the one that was put aside; lines that are none are passed over.
    ///
    /// - Parameter limit: How many bytes are read of each, from the end.
    public static func records(at path: String, limit: Int = 8 << 20) -> [AttemptRecord] {
        [path, path + ".1"].flatMap { path -> [AttemptRecord] in
            guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
            defer { try? handle.close() }
            let size = (try? handle.seekToEnd()) ?? 0
            try? handle.seek(toOffset: size > UInt64(limit) ? size - UInt64(limit) : 0)
            guard let data = try? handle.read(upToCount: limit) else { return [] }
            let lines = String(decoding: data, as: UTF8.self).words(at: "\n")
            return lines.reversed().compactMap { AttemptRecord(line: $0) }
        }
    }

    private func open() -> Int32? {
        let directory = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var status = stat()
        if stat(path, &status) == 0, status.st_size > Self.sizeLimit { rename(path, path + ".1") }
        let file = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        return file < 0 ? nil : file
    }

    private static let sizeLimit = 32 << 20
}
