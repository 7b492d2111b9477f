import ChildProcess
import DesiredState
import EmbeddedPostgres
import Foundation
import Logging
import PostgresClient
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("The built program", .serialized)
struct WholeStoryTests {
    @Test("The demonstration sees everything that it tells, and leaves nothing behind")
    func demo() async throws {
        try await withTemporaryDirectory("demo") { parent in
            try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: parent)
            let directory = "\(parent)/demo"
            let child = Child(
                try BuiltProgram.sluice, ["demo", "--data-dir", directory],
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "xterm"], deadline: .seconds(900))
            let result = try await child.run()
            #expect(result.status == .exited(0), "\(result.outputText)\n\(result.errorText)")
            #expect(result.outputText.contains("every step was seen to happen"))
            #expect(!result.outputText.contains("\u{1B}"), "no colours where nobody looks")
            #expect(!FileManager.default.fileExists(atPath: directory))
        }
    }

    @Test(
        "Killed at any boundary of an effect, a restarted controller ends with the right databases and one verdict each"
    )
    func crashes() async throws {
        try await withTemporaryDirectory("crash") { root in
            let directories = DemoDirectories(root: root)
            try directories.make()
            let manifests = SampleRegistry.manifests(repositories: directories.repositories)
                .mapValues { $0.replacing("interval: 1m", with: "interval: 1s") }
            try write(manifests, below: directories.config)
            let git = DemoGit(
                directories: directories, narrator: Narrator(console: Console(output: { _ in }, talk: { _ in })),
                searchPath: "/usr/local/bin:/usr/bin:/bin")
            try await git.prepare(program: "/bin/true", server: "http://127.0.0.1:1")
            try await Self.makeReference(directories)
            _ = try await git.push(SampleRegistry.master, to: "master", message: "Master")
            let points = [
                "recorded:plan", "before:database.clone", "after:database.clone", "before:changelog.deploy",
                "after:changelog.deploy", "after:database.publish", "before:verdict.report", "after:verdict.report",
            ]
            for (number, point) in points.enumerated() {
                let candidate = "\(201 + number)"
                let commit = try await git.push(
                    SampleRegistry.visits, to: "candidate/\(candidate)", message: "Candidate \(candidate)")
                let doomed = try await ServedController.start(directories, failpoint: point)
                #expect(try await doomed.process.waitForExit() == .signalled(9), "\(point) was not reached")
                let heir = try await ServedController.start(directories)
                let note = try await eventually("a verdict after a crash at \(point)") {
                    try await git.note(on: commit).flatMap { $0.contains("Verified: +1") ? $0 : nil }
                }
                #expect(note.split(separator: "\n").count { $0.hasPrefix("Verified:") } == 1, "\(point): \(note)")
                let tables = try await eventually("the tables after a crash at \(point)") {
                    let names = try await heir.client.get(["versions", "candidates", candidate, "tables"]).body.array
                    return names?.isEmpty == false ? names?.compactMap { $0["name"]?.string } : nil
                }
                #expect(tables == ["land_use", "parcel", "region", "subject", "visit"])
                _ = try await heir.process.stop(grace: .seconds(60))
            }
            try await Self.checkDatabases(directories, candidates: points.indices.map { "registry-dev-\(201 + $0)" })
        }
    }

    private static func withServer(
        _ directories: DemoDirectories, _ body: (PostgresServer) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cluster = try await EmbeddedPostgres.start(
            EmbeddedPostgresConfiguration(dataDirectory: "\(directories.data)/postgres", logger: logger))
        let pool = PostgresPool(configuration: cluster.configuration, size: 2)
        do {
            try await body(PostgresServer(pool: pool))
        } catch {
            await pool.close()
            await cluster.stop()
            throw error
        }
        await pool.close()
        await cluster.stop()
    }

    static func makeReference(_ directories: DemoDirectories) async throws {
        try await withServer(directories) { try await SampleRegistry.makeReference(on: $0) }
    }

    /// Exactly what should be there is there: no orphan of any crash.
    private static func checkDatabases(_ directories: DemoDirectories, candidates: [String]) async throws {
        try await withServer(directories) { server in
            let names = Set(try await server.listDatabases().map(\.name))
            #expect(names.isSuperset(of: candidates))
            let rest = names.subtracting(candidates).subtracting([
                "postgres", "template0", "template1", "sluice", SampleRegistry.reference, "registry-dev-master",
            ])
            #expect(rest.count == 1 && rest.allSatisfy { $0.contains("-base-") }, "\(rest.sorted())")
            let connection = try await PostgresConnection.open(
                server.pool.configuration.with(database: "registry-dev-203"))
            let runs = try await connection.query(
                "SELECT count(*) AS runs FROM databasechangelog WHERE id = 'table visit'"
            ).single().int("runs")
            await connection.close()
            #expect(runs == 1)
        }
    }
}
