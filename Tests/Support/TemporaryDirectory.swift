import Foundation

/// Runs `body` with a fresh directory that is removed afterwards, whatever happens.
public func withTemporaryDirectory<R>(
    _ label: String = "test", _ body: (_ path: String) async throws -> R
) async throws -> R {
    let url = FileManager.default.temporaryDirectory.appending(path: "sluice-\(label)-\(UUID().uuidString.prefix(13))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    // Not followed links: what a test compares paths with is the real place.
    let path = url.resolvingSymlinksInPath().path(percentEncoded: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
