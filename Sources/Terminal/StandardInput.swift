import Foundation

/// What is piped into the process.
package enum StandardInput {
    /// All of it, or its first bytes when there is more: one more than the limit, so that the two are told apart.
    package static func read(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let room = min(64 << 10, limit + 1 - bytes.count)
            guard let more = try FileHandle.standardInput.read(upToCount: room), !more.isEmpty else { break }
            bytes += more
        }
        return bytes
    }
}
