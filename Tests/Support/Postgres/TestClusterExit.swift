import EmbeddedPostgres
import Foundation
import Glibc
import NIOConcurrencyHelpers

/// Ends the test cluster when the process exits, where nothing asynchronous runs any more.
enum TestClusterExit {
    private struct Cluster {
        /// Keeps the server running until then.
        let server: EmbeddedPostgres
        let directory: String
    }

    private static let cluster = NIOLockedValueBox<Cluster?>(nil)

    static func register(_ server: EmbeddedPostgres, directory: String) {
        cluster.withLockedValue { $0 = Cluster(server: server, directory: directory) }
        atexit { TestClusterExit.end() }
    }

    private static func end() {
        guard let cluster = cluster.withLockedValue(\.self) else { return }
        kill(cluster.server.processID, SIGQUIT)
        // Until the server is gone it may still write: removing is tried again for a while.
        for _ in 0..<400 where waitpid(cluster.server.processID, nil, WNOHANG) == 0 { usleep(5000) }
        try? FileManager.default.removeItem(atPath: cluster.directory)
    }
}
