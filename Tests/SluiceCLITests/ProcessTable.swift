import Foundation

/// What anybody on this machine, or its administrator, can read of the processes that run.
struct ProcessTable {
    struct Entry {
        let id: Int32
        /// The words of the command line, with zero bytes between.
        let arguments: Data
        let environment: Data

        /// The command line, for messages.
        var line: String { String(decoding: arguments, as: UTF8.self).replacing("\0", with: " ") }
    }

    let entries: [Entry]

    /// The processes of this moment; those that end meanwhile are left out.
    static func now() throws -> ProcessTable {
        let ids = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
        return ProcessTable(
            entries: ids.compactMap { id in
                guard let arguments = read("/proc/\(id)/cmdline") else { return nil }
                return Entry(id: id, arguments: arguments, environment: read("/proc/\(id)/environ") ?? Data())
            })
    }

    private static func read(_ path: String) -> Data? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        return try? file.readToEnd()
    }
}
