import Foundation
import Logging
import WorkContext

/// Writes log lines: what the logger says, what the work at hand is about, and what the event says, the later before the
/// earlier.
struct LineLog: LogHandler {
    var logLevel: Logger.Level = .notice
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider? = .workContext
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameter write: Takes each line, its end included. Called from many tasks at once.
    init(_ format: LogFormat = .text, _ write: @escaping @Sendable (String) -> Void) {
        self.format = format
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(metadataProvider?.get() ?? [:]) { _, new in new }
            .merging(event.metadata ?? [:]) { _, new in new }
        write(format.line(event, all, at: Date()))
    }
}

extension Logger {
    /// Logs to standard error.
    static func toStandardError(_ level: Logger.Level, _ format: LogFormat = .text) -> Logger {
        let lines = LineLog(format) { text in FileHandle.standardError.write(Data(text.utf8)) }
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
