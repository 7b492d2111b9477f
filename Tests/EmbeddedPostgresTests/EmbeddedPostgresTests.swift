import ChildProcess
import Diagnostics
import EmbeddedPostgres
import Foundation
import Glibc
import Logging
import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct EmbeddedPostgresTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func configuration(_ directory: String) -> EmbeddedPostgresConfiguration {
        var configuration = EmbeddedPostgresConfiguration(
            dataDirectory: "\(directory)/data", durability: .disposable, maximumConnections: 20, logger: logger)
        configuration.settings = ["shared_buffers": "8MB"]
        return configuration
    }

    /// A directory that the server's account can enter.
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            chmod(directory, 0o755)
            try await body(directory)
        }
    }

    private func ask(_ server: EmbeddedPostgres, _ sql: String) async throws -> String {
        let connection = try await PostgresConnection.open(server.configuration)
        let answer = try await connection.query(sql).single().string(0)
        await connection.close()
        return answer
    }

    @Test("A cluster is made, serves, stops, and is found again with its data and its password")
    func life() async throws {
        try await withDirectory { directory in
            let configuration = configuration(directory)
            let first = try await EmbeddedPostgres.start(configuration)
            #expect(try await ask(first, "CREATE TABLE t AS SELECT 'kept' AS a; SELECT current_user::text") == "sluice")
            #expect(try await ask(first, "SHOW password_encryption") == "scram-sha-256")
            #expect(try await ask(first, "SHOW listen_addresses") == "")
            #expect(
                try await ask(first, "SELECT has_database_privilege('public', 'postgres', 'connect')::text") == "false")
            await first.stop()
            try await first.waitUntilStopped()
            await first.stop()
            let second = try await EmbeddedPostgres.start(configuration)
            #expect(try await ask(second, "SELECT a FROM t") == "kept")
            await second.stop()
            try await EmbeddedPostgres.remove(dataDirectory: configuration.dataDirectory, logger: logger)
            #expect(!FileManager.default.fileExists(atPath: configuration.dataDirectory))
        }
    }

    @Test("Its files are private, and a wrong password is refused, on the socket and on the port")
    func privacy() async throws {
        try await withDirectory { directory in
            var configuration = configuration(directory)
            configuration.port = .free
            let server = try await EmbeddedPostgres.start(configuration)
            func mode(_ path: String) throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            }
            #expect(try mode(configuration.dataDirectory) == 0o700)
            #expect(try mode("\(configuration.dataDirectory)/password") == 0o600)
            var byPort = server.configuration
            byPort.host = "127.0.0.1"
            byPort.ports = String(try #require(server.loopbackPort))
            await (try PostgresConnection.open(byPort)).close()
            for way in [server.configuration, byPort] {
                await #expect(throws: PostgresError.self) {
                    try await PostgresConnection.open(way.with(user: "sluice", password: Secret("wrong")))
                }
            }
            if geteuid() == 0 {
                let status = try String(contentsOfFile: "/proc/\(server.processID)/status", encoding: .utf8)
                #expect(!status.contains("Uid:\t0"))
            }
            await server.stop()
        }
    }

    @Test("A directory in use is refused; after a stop it is free")
    func inUse() async throws {
        try await withDirectory { directory in
            let server = try await EmbeddedPostgres.start(configuration(directory))
            let error = await #expect(throws: SluiceError.self) {
                try await EmbeddedPostgres.start(configuration(directory))
            }
            #expect(error?.code == "embedded-postgres.directory-in-use")
            await server.stop()
        }
    }

    @Test("A server that an ended process left is stopped, and the cluster goes on")
    func orphan() async throws {
        try await withDirectory { directory in
            let configuration = configuration(directory)
            let first = try await EmbeddedPostgres.start(configuration)
            let binary = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(first.processID)/exe")
            await first.stop()
            let root = configuration.dataDirectory
            let owner = try self.owner(of: "\(root)/cluster")
            let account = ["--reuid=\(owner.user)", "--regid=\(owner.group)", "--clear-groups"]
            let orphan = try await Child(
                "/usr/bin/setpriv",
                (geteuid() == 0 ? account : []) + [
                    binary, "-D", "\(root)/cluster", "-c", "listen_addresses=", "-c",
                    "unix_socket_directories=\(root)/socket",
                ], workingDirectory: root
            ).start()
            while !FileManager.default.fileExists(atPath: "\(root)/socket/.s.PGSQL.5432") { await Task.yield() }
            let second = try await EmbeddedPostgres.start(configuration)
            _ = try await orphan.waitForExit()
            #expect(try await ask(second, "SELECT 'alive'") == "alive")
            await second.stop()
        }
    }

    @Test("A postmaster.pid whose number belongs to another process by now does not keep the server from starting")
    func staleProcessFile() async throws {
        try await withDirectory { directory in
            let configuration = configuration(directory)
            let first = try await EmbeddedPostgres.start(configuration)
            let file = "\(configuration.dataDirectory)/cluster/postmaster.pid"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            await first.stop()
            let stale =
                ["1"] + text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().map(String.init)
            try stale.joined(separator: "\n").write(toFile: file, atomically: false, encoding: .utf8)
            let owner = try owner(of: "\(configuration.dataDirectory)/cluster")
            chown(file, owner.user, owner.group)
            let second = try await EmbeddedPostgres.start(configuration)
            #expect(try await ask(second, "SELECT 'alive'") == "alive")
            await second.stop()
        }
    }

    @Test("A killed server is noticed, and the cluster recovers at the next start")
    func killed() async throws {
        try await withDirectory { directory in
            var configuration = configuration(directory)
            configuration.settings["synchronous_commit"] = "on"
            let first = try await EmbeddedPostgres.start(configuration)
            _ = try await ask(first, "CREATE TABLE t AS SELECT 'kept' AS a; SELECT 'x'")
            kill(first.processID, SIGKILL)
            try await first.waitUntilStopped()
            await first.stop()
            let second = try await EmbeddedPostgres.start(configuration)
            #expect(try await ask(second, "SELECT a FROM t") == "kept")
            await second.stop()
        }
    }

    @Test("An unfinished cluster is made anew")
    func halfMade() async throws {
        try await withDirectory { directory in
            let configuration = configuration(directory)
            let rest = "\(configuration.dataDirectory)/cluster.new"
            try FileManager.default.createDirectory(atPath: rest, withIntermediateDirectories: true)
            if geteuid() == 0, let postgres = getpwnam("postgres") {
                chown(configuration.dataDirectory, postgres.pointee.pw_uid, postgres.pointee.pw_gid)
            }
            try "x".write(toFile: "\(rest)/PG_VERSION", atomically: false, encoding: .utf8)
            let server = try await EmbeddedPostgres.start(configuration)
            #expect(try await ask(server, "SELECT 'alive'") == "alive")
            await server.stop()
        }
    }

    @Test("Every reason not to start has its own code")
    func refusals() async throws {
        try await withDirectory { directory in
            func refuses(
                _ code: SluiceError.Code, _ change: (inout EmbeddedPostgresConfiguration) -> Void
            ) async {
                var changed = configuration(directory)
                change(&changed)
                let attempt = changed
                let error = await #expect(throws: SluiceError.self) { try await EmbeddedPostgres.start(attempt) }
                #expect(error?.code == code)
            }
            await refuses("embedded-postgres.relative-directory") { $0.dataDirectory = "relative" }
            await refuses("embedded-postgres.binaries-not-found") { $0.binaries = "/nowhere" }
            await refuses("embedded-postgres.path-too-long") { $0.dataDirectory += String(repeating: "x", count: 100) }
            await refuses("embedded-postgres.not-started") { $0.settings["no_such_setting"] = "1" }
            if geteuid() == 0 {
                await refuses("embedded-postgres.account-missing") { $0.account = "no-such-account" }
                chmod(directory, 0o700)
                await refuses("embedded-postgres.directory-unreachable") { _ in }
            }
        }
    }

    private func owner(of path: String) throws -> (user: UInt32, group: UInt32) {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return (status.st_uid, status.st_gid)
    }
}
