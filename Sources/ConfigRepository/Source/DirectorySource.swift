import Crypto
public import DesiredState
import Diagnostics
import Foundation
import StateStore
import ThreadExecution

/// A directory of this machine. It has no history and no authors: its revision is a digest of what is in it.
public actor DirectorySource: ConfigurationSource {
    private nonisolated let path: String
    private let executor = ThreadExecutor(name: "directory of desired state")

    /// The source's own thread: the directory may be on a disk that is slow, or away.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a source of the directory at an absolute path.
    public init(_ path: String) { self.path = path }

    deinit { executor.stop() }

    /// The directory.
    public nonisolated var identity: JSONValue { ["directory": .string(path)] }

    /// The directory.
    public nonisolated var name: String { "the directory \(path)" }

    /// What is in it now.
    /// - Throws: `file.unreadable`.
    public func head(since applied: String?) throws -> SourceHead {
        let listing = try DesiredStateReader().list(path)
        return SourceHead(revision: ConfigurationRevision(Self.digest(of: listing.files))) { .success(listing) }
    }

    /// `sha256-` and the first 40 digits.
    static func digest(of files: [DesiredStateFile]) -> String {
        var hash = SHA256()
        for file in files {
            hash.update(data: Data("\(file.path.utf8.count) \(file.path) \(file.bytes.count) ".utf8))
            hash.update(data: Data(file.bytes))
        }
        return "sha256-" + hash.finalize().hexadecimal.prefix(40)
    }
}
