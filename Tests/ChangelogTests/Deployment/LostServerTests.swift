import Diagnostics
import EmbeddedPostgres
import Glibc
import Logging
import PostgresClient
import TestSupport
import Testing

@testable import Changelog

/// A server that goes away in the middle, on a cluster of its own.
@Suite(.timeLimit(.minutes(10))) struct LostServerTests {
    private func withCluster(
        _ settings: [String: String] = [:], _ body: (EmbeddedPostgresConfiguration) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            chmod(directory, 0o755)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            var configuration = EmbeddedPostgresConfiguration(
                dataDirectory: "\(directory)/data", durability: .disposable, maximumConnections: 20, logger: logger)
            configuration.settings = ["shared_buffers": "8MB"].merging(settings) { $1 }
            try await body(configuration)
            try await EmbeddedPostgres.remove(dataDirectory: configuration.dataDirectory, logger: logger)
        }
    }

    private static let changelog =
        Preparing.changeSet("<sql>create table t (a int)</sql>")
        + Preparing.changeSet(
            "<sql>insert into t values (1); select pg_advisory_xact_lock(7)</sql>", id: "2")
        + Preparing.changeSet("<sql>insert into t values (3)</sql>", id: "3")

    @Test("F-02: a server that stops at once in a changeset: nothing of it stays, and the next run goes on behind")
    func vanished() async throws {
        // What is committed must be on disk, as it is on a server that is no test's.
        try await withCluster(["synchronous_commit": "local"]) { configuration in
            let server = try await EmbeddedPostgres.start(configuration)
            let changelog = try Preparing.changelog(Self.changelog)
            let (connection, blocker) = (
                try await PostgresConnection.open(server.configuration),
                try await PostgresConnection.open(server.configuration)
            )
            try await blocker.execute("SELECT pg_advisory_lock(7)")
            let log = AttemptMemory()
            var options = DeployerOptions()
            options.attempts = log
            options.lockTimeout = .seconds(600)
            let run = Task { [options] in try await Deployer(connection, options: options).update(changelog) }
            let waits = "SELECT cardinality(pg_blocking_pids(\(connection.processID))) > 0"
            _ = try await eventually("the wait in the second changeset") {
                try await blocker.execute(waits).single().bool(0) ? true : nil
            }
            kill(server.processID, SIGQUIT)
            try await server.waitUntilStopped()
            await server.stop()
            let failure = await #expect(throws: ChangelogFailure.self) { try await run.value }
            #expect(failure?.isTransient == true)
            #expect(failure?.message.contains("the next run will see in the books") == true)
            #expect(await log.records.last?.event == .unknown)

            let again = try await EmbeddedPostgres.start(configuration)
            let second = try await PostgresConnection.open(again.configuration)
            #expect(try await Deployer(second).update(changelog).ran == 2)
            #expect(try await second.execute("SELECT a FROM t ORDER BY a").map { try $0.int(0) } == [1, 3])
            for connection in [connection, blocker, second] { await connection.close() }
            await again.stop()
        }
    }

    @Test("a session that is lost when the commit was done already: the books say so, and nothing runs twice")
    func lostAtCommit() async throws {
        // A standby that never comes: the commit is done on disk, and its confirmation waits.
        try await withCluster([
            "synchronous_standby_names": "nobody", "synchronous_commit": "local", "max_wal_senders": "2",
            "wal_level": "replica",
        ]) { configuration in
            let server = try await EmbeddedPostgres.start(configuration)
            let changelog = try Preparing.changelog(
                Preparing.changeSet("<sql>create table t (a int); set local synchronous_commit = on</sql>"))
            let (connection, observer) = (
                try await PostgresConnection.open(server.configuration),
                try await PostgresConnection.open(server.configuration)
            )
            let log = AttemptMemory()
            var options = DeployerOptions()
            options.attempts = log
            let run = Task { [options] in try await Deployer(connection, options: options).update(changelog) }
            let waits =
                "SELECT count(*) FROM pg_stat_activity WHERE pid = \(connection.processID) AND wait_event = 'SyncRep'"
            _ = try await eventually("the wait for the standby") {
                try await observer.execute(waits).single().int(0) > 0 ? true : nil
            }
            try await observer.execute("SELECT pg_terminate_backend(\(connection.processID))")
            let error = await #expect(throws: SluiceError.self) { try await run.value }
            #expect(error?.code == "changelog.connection-lost")
            #expect(await log.records.map(\.event) == [.begun, .applied])
            #expect(try await Deployer(observer).update(changelog).skipped == 1)
            for connection in [connection, observer] { await connection.close() }
            await server.stop()
        }
    }
}
