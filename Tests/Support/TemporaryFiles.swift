import Foundation

/// Writes files, their directories made for them.
///
/// - Parameter files: Contents by path, relative to `directory`.
public func write(_ files: [String: String], below directory: String) throws {
    for (path, content) in files {
        let url = URL(filePath: "\(directory)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: url)
    }
}
