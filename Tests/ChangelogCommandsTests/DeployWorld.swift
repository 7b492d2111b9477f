import Changelog
import ChildProcess
import Diagnostics
import Foundation
import PostgresClient
import TestSupport

/// Real `sluice changelog` processes on one changelog and one database, to be killed and frozen.
struct DeployWorld: Sendable {
    let directory: String
    let database: PostgresConfiguration
    /// A session that looks on, and stands in the way where a test needs it.
    let observer: PostgresConnection

    /// Calls `body` with a changelog in formatted SQL and a database.
    static func with(_ sql: String, _ body: (DeployWorld) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try ("--liquibase formatted sql\n" + sql).write(
                toFile: "\(directory)/main.sql", atomically: true, encoding: .utf8)
            try await withDatabase { database in
                let observer = try await PostgresConnection.open(database)
                let world = DeployWorld(directory: directory, database: database, observer: observer)
                do { try await body(world) } catch {
                    await observer.close()
                    throw error
                }
                await observer.close()
            }
        }
    }

    /// Starts a command.
    func start(_ command: String, _ more: String...) async throws -> RunningChild {
        let url =
            "host=\(database.host) port=\(database.port) user=\(database.user) dbname=\(database.database) "
            + "password=\(database.password?.reveal() ?? "") connect_timeout=120"
        var arguments = ["changelog", command]
        if !["release-locks", "tag"].contains(command) {
            arguments += ["--search-path", directory, "--changelog-file", "main.sql"]
        }
        let child = Child(
            try BuiltProgram.sluice, arguments + ["--changelog-lock-poll-rate", "1", "--lock-timeout", "600"] + more,
            environment: [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "SLUICE_DATABASE_URL": url,
                "SLUICE_ATTEMPTS_LOG": "\(directory)/attempts.ndjson",
            ], deadline: .seconds(300))
        return try await child.start(output: .appended(toFile: "\(directory)/output.log"))
    }

    /// Runs a command to its end; whether it succeeded.
    func run(_ command: String, _ more: String...) async throws -> Bool {
        let process = more.isEmpty ? try await start(command) : try await start(command, more[0])
        return try await process.waitForExit().isSuccess
    }

    /// What all commands have printed.
    var output: String { (try? String(contentsOfFile: "\(directory)/output.log", encoding: .utf8)) ?? "" }

    /// Waits until a session runs a statement that begins so and waits for somebody; gives the session.
    func waiting(at statement: String) async throws -> Int {
        try await eventually("a session that waits at \(statement)") {
            try await observer.query(
                """
                SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' \
                AND position($1 IN query) > 0 AND pid <> pg_backend_pid() AND cardinality(pg_blocking_pids(pid)) > 0
                """, [statement]
            ).first?.int(0)
        }
    }

    /// Waits until a session is gone.
    func gone(_ session: Int) async throws {
        _ = try await eventually("the end of session \(session)") {
            let count = try await observer.query("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", [session])
            return try count.single().int(0) == 0 ? true : nil
        }
    }

    /// One number.
    func number(_ sql: String) async throws -> Int { try await observer.execute(sql).single().int(0) }

    /// The ids in the books, in order.
    func applied() async throws -> [String] {
        try await observer.execute("SELECT id FROM databasechangelog ORDER BY orderexecuted").map { try $0.string(0) }
    }

    /// Whether the lock is free and the journal empty.
    func isClean() async throws -> Bool {
        try await number("SELECT count(*) FROM databasechangeloglock WHERE locked OR id > 1") == 0
    }

    /// What the history says, oldest first.
    func history() -> [String] {
        AttemptLogFile.records(at: "\(directory)/attempts.ndjson").reversed().map {
            ([$0.event.rawValue, $0.changeSet?.id] as [String?]).compactMap(\.self).joined(separator: " ")
        }
    }
}
