/// What lies where in the data directory.
struct ClusterLayout: Sendable, Hashable {
    /// The data directory itself.
    let root: String

    /// PostgreSQL's own directory.
    var cluster: String { "\(root)/cluster" }
    /// A cluster in the making: it gets its name when it is whole.
    var clusterInTheMaking: String { "\(root)/cluster.new" }
    /// The password of the administrator.
    var passwordFile: String { "\(root)/password" }
    /// Held by the process that uses the directory.
    var lockFile: String { "\(root)/lock" }
    var socketDirectory: String { "\(root)/socket" }
    var logDirectory: String { "\(root)/log" }
    /// What the server says before its logs are open.
    var startupLog: String { "\(root)/startup.log" }
    var processFile: String { "\(cluster)/postmaster.pid" }
    var versionFile: String { "\(cluster)/PG_VERSION" }

    /// Whether the kernel takes the socket's path, which has room for 107 bytes.
    var hasRoomForSocket: Bool { "\(socketDirectory)/.s.PGSQL.65535".utf8.count <= 107 }
}
