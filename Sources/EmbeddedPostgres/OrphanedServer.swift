import Diagnostics
import Foundation
import Glibc
import Logging

/// What an earlier process may have left in a data directory whose lock is ours: a server that still runs, or a
/// `postmaster.pid` whose number belongs to somebody else by now.
struct OrphanedServer: Sendable {
    let layout: ClusterLayout
    let logger: Logger

    /// Sees to it that a new server can start. Nobody else may be using the directory.
    func clear() async throws {
        guard let text = try? String(contentsOfFile: layout.processFile, encoding: .utf8),
            let process = text.words(at: "\n").first.flatMap({ pid_t($0) }), process > 1
        else { return }
        if isServer(process) {
            logger.warning("stopping the database server of a sluice that has ended", metadata: ["pid": "\(process)"])
            try await stop(process)
        } else if kill(process, 0) == 0 || errno == EPERM {
            try disown(text)
        }
        // The file of a process that is no more is left to PostgreSQL: it also tells whether sessions survived.
    }

    /// A server's working directory is its cluster; no other process has that.
    private func isServer(_ process: pid_t) -> Bool {
        guard let directory = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
        else { return false }
        return directory == URL(fileURLWithPath: layout.cluster).resolvingSymlinksInPath().path
    }

    private func stop(_ process: pid_t) async throws {
        // Fast, then immediate; the signals' meaning is PostgreSQL's.
        for (signal, patience) in [(SIGINT, Duration.seconds(30)), (SIGQUIT, .seconds(10))] {
            kill(process, signal)
            let end = ContinuousClock.now + patience
            while ContinuousClock.now < end {
                if !isServer(process) { return }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        throw SluiceError(
            "embedded-postgres.orphan-will-not-stop", .transient,
            "an earlier database server still runs in \(layout.root) and does not stop", detail: "pid \(process)")
    }

    /// Puts our own number into the file. PostgreSQL knows that its parent is no server, takes the file for stale, and
    /// still checks the shared memory that is noted in it; were the file removed, it could not.
    private func disown(_ text: String) throws {
        var lines = text.parts(at: "\n").map(String.init)
        lines[0] = String(getpid())
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: layout.processFile))
        defer { try? handle.close() }
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(lines.joined(separator: "\n").utf8))
    }
}
