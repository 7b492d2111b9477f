import ChildProcess
import DesiredState
import Diagnostics
import EmbeddedPostgres
import ForgeDoubles
import Foundation
import GitClient
import Logging
import NIOConcurrencyHelpers
import PostgresClient
import TestSupport

@testable import SluiceCLI

/// Several controllers on one state database, one database server and one code host, each with a directory of its own.
struct ReplicaWorld: Sendable {
    static let registry = "land/registry"
    static let control = "puppet/control"
    static let branches = ["uat", "production", "zone01", "zone02", "zone03"]
    private static let token = "replica-token-0123456789"

    let root: String
    let config: String
    let double: ForgeDouble
    let cluster: EmbeddedPostgres
    /// The replicas by number; one that is dead is replaced.
    private let replicas = NIOLockedValueBox<[Int: ServedController]>([:])

    /// Calls `body` with `count` replicas that serve, and takes everything down afterwards.
    static func with(_ count: Int, _ body: @Sendable (ReplicaWorld) async throws -> Void) async throws {
        try await withTemporaryDirectory("replicas") { root in
            try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: root)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let double = try ForgeDouble(
                ForgeDoubleConfiguration(type: .gitlab, directory: "\(root)/forge", now: { Date() }), logger: logger)
            let cluster = try await EmbeddedPostgres.start(
                EmbeddedPostgresConfiguration(
                    dataDirectory: "\(root)/cluster", port: .free, durability: .disposable, maximumConnections: 200,
                    logger: logger))
            let world = ReplicaWorld(root: root, config: "\(root)/config", double: double, cluster: cluster)
            let result: Result<Void, any Error>
            do {
                try await world.prepare()
                try await double.serving { address in
                    try world.writeManifests(address)
                    let result: Result<Void, any Error>
                    do {
                        for number in 0..<count { try await world.start(number) }
                        result = .success(try await body(world))
                    } catch { result = .failure(error) }
                    await world.stop()
                    try result.get()
                }
                result = .success(())
            } catch { result = .failure(error) }
            await cluster.stop()
            try result.get()
        }
    }

    private func prepare() async throws {
        try await withServer { server in
            try await server.ensureRole("keeper", RoleAttributes(login: true, password: Secret("keeper")))
            try await server.pool.query("ALTER ROLE keeper SUPERUSER")
            try await server.createDatabase("state", template: "template0")
            try await SampleRegistry.makeReference(on: server)
        }
        try await double.administer { world in
            for (login, token) in [("author", "author"), ("sluice", Self.token)] {
                try await world.addToken(token, for: try await world.addAccount(login))
            }
            for (project, branch) in [(Self.registry, "master"), (Self.control, "production")] {
                try await world.addProject(project, defaultBranch: branch)
            }
            try await world.commit(
                SampleRegistry.master.mapValues { Array($0.utf8) }, on: "master", of: Self.registry,
                message: "The land registry\n", by: "author")
            try await world.commit(
                ["data/common.yaml": Array("---\na: 1\n".utf8)], on: "production", of: Self.control,
                message: "Begin\n", by: "author")
            for branch in Self.branches where branch != "production" {
                try await world.commit(
                    [:], on: branch, of: Self.control, message: "Begin\n", startingAt: "production", by: "author")
            }
        }
    }

    /// Calls `body` with the administration of the database server.
    func withServer<Value: Sendable>(_ body: @Sendable (PostgresServer) async throws -> Value) async throws -> Value {
        let pool = PostgresPool(configuration: cluster.configuration, size: 2)
        let result: Result<Value, any Error>
        do { result = .success(try await body(PostgresServer(pool: pool))) } catch { result = .failure(error) }
        await pool.close()
        return try result.get()
    }

    private func writeManifests(_ address: String) throws {
        let uri = "postgresql://keeper:keeper@127.0.0.1:\(cluster.loopbackPort ?? 0)"
        try write(
            ["token": Self.token, "server": "\(uri)/postgres", "state": "\(uri)/state"], below: "\(root)/secrets")
        let files = [
            "forge": """
            kind: Forge
            metadata: {name: host}
            spec: {type: gitlab, gitlab: {url: "\(address)", token: {file: \(root)/secrets/token}}}
            """,
            "server": """
            kind: DatabaseServer
            metadata: {name: main}
            spec: {connection: {file: \(root)/secrets/server}}
            """,
            "registry": """
            kind: Registry
            metadata: {name: land}
            spec:
              forge: host
              project: \(Self.registry)
              server: main
              databasePrefix: land-
              referenceDatabase: \(SampleRegistry.reference)
              changelogs: [{path: data-model/main-liquibase.xml}]
              database: {defaultSchema: registry, searchPath: [registry, public]}
              interval: 1s
            """,
            "control": """
            kind: ControlRepository
            metadata: {name: puppet}
            spec:
              forge: host
              project: \(Self.control)
              stages: [uat, production]
              zones: {patterns: ["zone*"]}
              approvals: {required: 0}
              checks: {parser: "off"}
            """,
        ]
        try write(
            Dictionary(
                uniqueKeysWithValues: files.map { ("\($0.key).yaml", "apiVersion: sluice.dev/v1alpha1\n\($0.value)\n") }
            ),
            below: config)
    }

    // MARK: Replicas

    /// Starts a replica, in the place of one that is dead.
    func start(_ number: Int) async throws {
        let directories = DemoDirectories(root: "\(root)/replica-\(number)")
        try FileManager.default.createDirectory(atPath: directories.root, withIntermediateDirectories: true)
        let replica = try await ServedController.start(
            directories,
            desiredState: [
                "--config", config, "--trust-host", "127.0.0.1", "--state-database-file", "\(root)/secrets/state",
            ],
            // One that stands still is passed over, for another that answers.
            patience: .seconds(20))
        replicas.withLockedValue { $0[number] = replica }
    }

    /// The replica of a number.
    func replica(_ number: Int) throws -> ServedController {
        guard let replica = replicas.withLockedValue({ $0[number] }) else { throw Missing() }
        return replica
    }

    private struct Missing: Error {}

    /// Kills a replica as the kernel does when memory runs out, and starts another in its place.
    func replace(_ number: Int) async throws {
        let doomed = try replica(number)
        doomed.process.send(signal: 9)
        _ = try await doomed.process.waitForExit()
        try await start(number)
    }

    private func stop() async {
        for replica in replicas.withLockedValue({ Array($0.values) }) {
            replica.process.send(signal: 18)
            _ = try? await replica.process.stop(grace: .seconds(600))
        }
    }

    // MARK: What people do

    /// Proposes a candidate.
    /// - Returns: Its number.
    @discardableResult
    func propose(_ files: [String: String], as branch: String) async throws -> Int {
        try await double.administer { world in
            try await world.propose(
                files.mapValues { Array($0.utf8) }, from: branch, into: "master", of: Self.registry, title: branch,
                by: "author"
            ).number
        }
    }

    /// Makes a release of one new file, wanted everywhere.
    func release(_ name: String) async throws {
        try await double.administer { world in
            try await world.commit(
                ["data/\(name).yaml": Array("---\nb: 2\n".utf8)], on: name, of: Self.control, message: "\(name)\n",
                startingAt: "uat", by: "author")
        }
        let manifest = """
            apiVersion: sluice.dev/v1alpha1
            kind: Release
            metadata: {name: \(name)}
            spec:
              repository: puppet
              source: \(name)
              title: Release \(name)
              batches: [{zones: [zone01, zone02]}, {zones: [zone03]}]
              operators: [bob]
              requestedBy: bob
              target: complete

            """
        // Seen whole or not at all.
        try write(["\(name).new": manifest], below: root)
        try FileManager.default.moveItem(atPath: "\(root)/\(name).new", toPath: "\(config)/\(name).yaml")
    }

    // MARK: What is seen

    /// The objects of a kind, as some replica that answers tells of them.
    func objects(_ kind: String) async throws -> [JSONValue] {
        for replica in replicas.withLockedValue({ $0.sorted { $0.key < $1.key }.map(\.value) }) {
            guard let reply = try? await replica.client.get(["api", "v1", "resources", kind]) else { continue }
            return reply.body["items"]?.array ?? []
        }
        return []
    }

    /// Whether an object is ready for a reason.
    func isReady(_ kind: String, _ name: String, _ reason: String? = nil) async throws -> Bool {
        let object = try await objects(kind).first { $0["metadata"]?["name"]?.string == name }
        let conditions = object?["status"]?["conditions"]?.array ?? object?["conditions"]?.array ?? []
        let ready = conditions.first { $0["type"]?.string == "Ready" }
        return ready?["status"]?.string == "True" && (reason == nil || ready?["reason"]?.string == reason)
    }

    /// What each branch of the control repository got by merges of a release, by branch.
    func merges(of release: String) async throws -> [String: Int] {
        let mirror = try await GitMirror.open("\(root)/forge/repositories/\(Self.control).git")
        var merges: [String: Int] = [:]
        for branch in Self.branches {
            guard var commit = try await mirror.resolve(try .branch(branch)) else { continue }
            while let next = try await mirror.commit(commit).parents.first {
                let message = try await mirror.commit(commit).message
                if message.contains("Sluice-Release: puppet/\(release)\n") || message.hasSuffix("puppet/\(release)") {
                    merges[branch, default: 0] += 1
                }
                commit = next
            }
        }
        return merges
    }
}
