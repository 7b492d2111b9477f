public import Logging

/// Where and how a private cluster runs.
public struct EmbeddedPostgresConfiguration: Sendable {
    /// Which TCP port of the loopback interface the server takes, beside its socket.
    public enum Port: Sendable, Hashable {
        /// None: it is reached by its Unix socket only.
        case none
        /// One that is free at the moment.
        case free
        /// This one.
        case fixed(Int)
    }

    /// What must survive a power failure.
    public enum Durability: Sendable, Hashable {
        /// Everything that was committed.
        case durable
        /// Nothing: for tests, which are several times faster this way.
        case disposable
    }

    /// The directory of the cluster, its password, socket and logs: an absolute path. It is made when it is missing, and
    /// used again when a cluster is in it.
    public var dataDirectory: String
    /// The TCP port.
    public var port: Port
    /// The directory of `initdb` and `postgres`; nil to find the newest installed, or the one that made the cluster.
    public var binaries: String?
    /// What must survive a power failure.
    public var durability: Durability
    /// The account the server runs as when this process is root, which PostgreSQL refuses to be.
    public var account: String
    /// How much disk each session may take for temporary files, in MiB.
    public var temporaryFileLimit: Int
    /// How many sessions the server takes.
    public var maximumConnections: Int
    /// Further server settings; they win over ours and over `postgresql.conf`.
    public var settings: [String: String]
    /// How long the server may take to answer for the first time, recovery after a crash included.
    public var startTimeout: Duration
    /// Where it is said what happens.
    public var logger: Logger

    /// Describes a cluster in `dataDirectory` with everything else as usual.
    public init(
        dataDirectory: String, port: Port = .none, binaries: String? = nil, durability: Durability = .durable,
        account: String = "postgres", temporaryFileLimit: Int = 1024, maximumConnections: Int = 200,
        settings: [String: String] = [:], startTimeout: Duration = .seconds(120), logger: Logger
    ) {
        self.dataDirectory = dataDirectory
        self.port = port
        self.binaries = binaries
        self.durability = durability
        self.account = account
        self.temporaryFileLimit = temporaryFileLimit
        self.maximumConnections = maximumConnections
        self.settings = settings
        self.startTimeout = startTimeout
        self.logger = logger
    }
}
