import Foundation
import Logging

/// Log lines for people: time, level, message, and what belongs to it, on one line as far as the message is one.
struct LineLog: LogHandler {
    var logLevel: Logger.Level = .notice
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let write: @Sendable (String) -> Void

    /// - Parameter write: Takes each line, its end included. Called from many tasks at once.
    init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let words = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let time = Date().formatted(.iso8601.time(includingFractionalSeconds: true))
        write("\(time) \(event.level.rawValue.uppercased()) \(event.message)\(words)\n")
    }
}

extension Logger {
    /// Logs to standard error.
    static func toStandardError(_ level: Logger.Level) -> Logger {
        let lines = LineLog { text in FileHandle.standardError.write(Data(text.utf8)) }
        return logger(lines, level)
    }

    /// Logs to the end of a file, which is made for it.
    static func toFile(_ path: String, _ level: Logger.Level) throws -> Logger {
        _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        // One write a line: the kernel keeps lines of several tasks apart.
        return logger(LineLog { text in try? file.write(contentsOf: Data(text.utf8)) }, level)
    }

    private static func logger(_ lines: LineLog, _ level: Logger.Level) -> Logger {
        var logger = Logger(label: "sluice") { _ in lines }
        logger.logLevel = level
        return logger
    }
}
