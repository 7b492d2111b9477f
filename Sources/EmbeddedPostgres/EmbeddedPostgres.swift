import ChildProcess
import Diagnostics
import Foundation
import Glibc
public import Logging
public import PostgresClient

/// A PostgreSQL cluster of our own, made and run with the system's programs.
///
/// It is what Sluice uses when no server is configured, and what tests run against. It knows how a server is made,
/// started, protected and stopped; what is put into it is others' business.
///
/// The administrator `sluice` logs in with a SCRAM password that lies in the data directory, readable by the server's
/// account only. Started by root, the server runs as the account `postgres`.
///
/// The server ends with its parent, also when that is killed: it is started through `setpriv --pdeathsig`, which has the
/// kernel send it a shutdown signal. Where `setpriv` is missing, the next start in the same directory stops the orphan.
public actor EmbeddedPostgres {
    /// How the administrator connects, to the database `postgres`.
    public nonisolated let configuration: PostgresConfiguration
    /// The port of the loopback interface, when the server listens on one.
    public nonisolated let loopbackPort: Int?
    /// The server's process.
    public nonisolated let processID: Int32

    private let server: RunningChild
    /// Let go when the server has stopped.
    private var lock: DirectoryLock?
    private let logger: Logger

    private init(
        server: RunningChild, lock: DirectoryLock, configuration: PostgresConfiguration, endpoint: ServerEndpoint,
        logger: Logger
    ) {
        self.server = server
        self.lock = lock
        self.configuration = configuration
        self.logger = logger
        loopbackPort = endpoint.listensOnLoopback ? endpoint.port : nil
        processID = server.processIdentifier
    }

    /// Starts a server on the cluster in the data directory, which is made first when there is none, and returns when it
    /// answers.
    ///
    /// - Throws: `SluiceError` with a code `embedded-postgres.…`: programs or account missing, the directory in use, not
    ///   reachable or not ours, or a server that does not start; its `detail` has the server's own words.
    public static func start(_ configuration: EmbeddedPostgresConfiguration) async throws -> EmbeddedPostgres {
        let layout = ClusterLayout(root: configuration.dataDirectory)
        guard layout.root.begins(with: "/") else {
            throw SluiceError(
                "embedded-postgres.relative-directory", .stalled, "the data directory must be an absolute path",
                detail: layout.root)
        }
        let account = try ServerAccount.resolve(configuration.account)
        let directory = ClusterDirectory(layout: layout, account: account)
        try directory.prepare()
        let lock = try DirectoryLock(layout)
        try await OrphanedServer(layout: layout, logger: configuration.logger).clear()
        try directory.prepareInside()
        let version = try directory.clusterVersion()
        let binaries = try await PostgresBinaries.find(explicit: configuration.binaries, version: version)
        let password = try directory.password(isNew: version == nil)
        if version == nil {
            configuration.logger.info("making a database cluster", metadata: ["directory": "\(layout.root)"])
            try await directory.initialise(binaries, durability: configuration.durability)
        }
        let launch = ServerLaunch(
            configuration: configuration, layout: layout, account: account, binaries: binaries, password: password)
        let (server, endpoint) = try await launch.run()
        let embedded = EmbeddedPostgres(
            server: server, lock: lock, configuration: launch.login(at: endpoint), endpoint: endpoint,
            logger: configuration.logger)
        try await embedded.closeToPublic()
        configuration.logger.info(
            "the private database server runs",
            metadata: [
                "directory": "\(layout.root)", "version": "\(binaries.majorVersion)", "account": "\(account.name)",
                "pid": "\(server.processIdentifier)",
            ])
        return embedded
    }

    /// Stops the server and lets go of the data directory: sessions are ended, everything committed is kept. May be
    /// called twice, and after the server has ended by itself.
    public func stop() async {
        do {
            let status = try await server.stop(signal: SIGINT, grace: .seconds(30))
            logger.info("the private database server has stopped", metadata: ["status": "\(status)"])
        } catch {
            logger.warning("the private database server could not be followed", metadata: ["error": "\(error)"])
        }
        lock = nil
    }

    /// Removes a data directory with everything in it; a server that an ended process left there is stopped first.
    ///
    /// - Throws: `SluiceError`; `embedded-postgres.directory-in-use` when a living process uses it.
    public static func remove(dataDirectory: String, logger: Logger) async throws {
        let layout = ClusterLayout(root: dataDirectory)
        guard FileManager.default.fileExists(atPath: layout.lockFile) else { return }
        let lock = try DirectoryLock(layout)
        try await OrphanedServer(layout: layout, logger: logger).clear()
        try FileManager.default.removeItem(atPath: layout.root)
        withExtendedLifetime(lock) {}
    }

    /// Waits until the server has ended, whoever ended it. A cancelled waiter gets `CancellationError`.
    public nonisolated func waitUntilStopped() async throws {
        _ = try await server.waitForExit()
    }

    /// Nobody but the administrator has business in the databases that every cluster has. A clone of `template1` does not
    /// inherit this: PostgreSQL copies no grants on databases.
    private func closeToPublic() async throws {
        let connection = try await PostgresConnection.open(configuration)
        try await connection.execute(
            """
            REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC;
            REVOKE CONNECT, TEMPORARY ON DATABASE template1 FROM PUBLIC
            """)
        await connection.close()
    }
}
