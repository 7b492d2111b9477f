import AccessControl
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

/// Four code hosts, a database server and a config repository, with a secret of its own in every place that takes one.
struct CanaryStage: Sendable {
    let directories: DemoDirectories
    let cluster: EmbeddedPostgres
    let accessToken: String
    private let doubles: [ForgeType: ForgeDouble]
    private let secrets: [String: String]
    /// The heads that were pushed last.
    private let heads = NIOLockedValueBox<[ForgeType: ObjectID]>([:])

    private static let project = "land/registry"
    private static let config = "ops/config"
    private static let role = "keeper"

    var clusterDirectory: String { "\(directories.root)/../cluster" }

    func doubleDirectory(_ type: ForgeType) -> String { "\(directories.root)/../\(type.rawValue)" }
    func secret(_ place: String) -> String { secrets[place] ?? "" }

    func double(_ type: ForgeType) throws -> ForgeDouble {
        guard let double = doubles[type] else { throw Missing() }
        return double
    }

    private struct Missing: Error {}

    // MARK: Making

    static func make(in root: String) async throws -> CanaryStage {
        let directories = DemoDirectories(root: "\(root)/demo")
        try directories.make()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var secrets: [String: String] = [:]
        for type in ForgeType.allCases {
            for place in ["token", "hook", "next-hook"] {
                secrets["\(type.rawValue)-\(place)"] = Canary.secret(for: "\(type.rawValue)-\(place)")
            }
        }
        for place in [
            "config-token", "torn-token", "access", "state", "server", "wrong", "garbled", "gone", "password", "robot",
        ] {
            secrets[place] = Canary.secret(for: place)
        }
        secrets["tickets"] = "whsec_" + Data(Canary.secret(for: "tickets").utf8).base64EncodedString()
        // As GitLab's signing tokens look.
        secrets["gitlab-next-hook"] =
            "whsec_" + Data(Canary.secret(for: "gitlab-next-hook").utf8).base64EncodedString()
        let cluster = try await EmbeddedPostgres.start(
            EmbeddedPostgresConfiguration(
                dataDirectory: "\(root)/cluster", port: .free, durability: .disposable, logger: logger))
        var doubles: [ForgeType: ForgeDouble] = [:]
        for type in ForgeType.allCases {
            doubles[type] = try ForgeDouble(
                ForgeDoubleConfiguration(type: type, directory: "\(root)/\(type.rawValue)", now: { Date() }),
                logger: logger)
        }
        let stage = CanaryStage(
            directories: directories, cluster: cluster, accessToken: secrets["access"] ?? "", doubles: doubles,
            secrets: secrets)
        do {
            try await stage.prepareServer()
            for type in ForgeType.allCases { try await stage.prepare(type) }
        } catch {
            await cluster.stop()
            throw error
        }
        return stage
    }

    private func prepareServer() async throws {
        let pool = PostgresPool(configuration: cluster.configuration, size: 2)
        let server = PostgresServer(pool: pool)
        do {
            for (role, place) in [(Self.role, "server"), ("librarian", "state")] {
                try await server.ensureRole(role, RoleAttributes(login: true, password: Secret(secret(place))))
                try await pool.query("ALTER ROLE \(SQL.identifier(role)) SUPERUSER")
            }
            try await server.createDatabase("state", template: "template0")
            try await SampleRegistry.makeReference(on: server)
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }

    private func prepare(_ type: ForgeType) async throws {
        let double = try double(type)
        let tokens = [secret("\(type.rawValue)-token")] + (type == .gitlab ? [secret("config-token")] : [])
        try await double.administer { world in
            try await world.addToken("author", for: try await world.addAccount("author"))
            for token in tokens { try await world.addToken(token, for: try await world.addAccount("sluice")) }
            try await world.addProject(Self.project)
            try await world.commit(
                SampleRegistry.master.mapValues { Array($0.utf8) }, on: "master", of: Self.project,
                message: "The land registry\n", by: "author")
            for branch in type == .gitlab ? CanaryManifests.useless : [] {
                try await world.commit([:], on: branch, of: Self.project, message: "Begin\n", by: "author")
            }
        }
    }

    // MARK: Serving

    /// Calls `body` while all hosts serve.
    func serving(_ body: @Sendable ([ForgeType: String]) async throws -> Void) async throws {
        try await serving(ForgeType.allCases[...], [:], body)
    }

    private func serving(
        _ types: ArraySlice<ForgeType>, _ addresses: [ForgeType: String],
        _ body: @Sendable ([ForgeType: String]) async throws -> Void
    ) async throws {
        guard let type = types.first else { return try await body(addresses) }
        try await double(type).serving { address in
            try await serving(types.dropFirst(), addresses.merging([type: address]) { _, new in new }, body)
        }
    }

    /// Starts the controller on the config repository, which is a project of the GitLab.
    func start(_ addresses: [ForgeType: String]) async throws -> ServedController {
        let folder = "\(directories.root)/secrets"
        let port = cluster.loopbackPort ?? 0
        var files = secrets
        files["torn-token"] = "\(secret("torn-token"))\nsecond line \(secret("torn-token"))\n"
        files["server"] = uri(Self.role, secret("server"), port, "postgres")
        files["wrong"] = uri(Self.role, secret("wrong"), port, "postgres")
        files["gone"] = uri(Self.role, secret("gone"), 1, "postgres")
        files["garbled"] = "postgresql://keeper:\(secret("garbled"))@[half:\(secret("garbled"))/x?nonsense"
        // No robot: the host repeats what it was asked for, and takes nothing.
        files["robot"] = "\(addresses[.gitlab] ?? "")/cgi-bin/webhook/send?key=\(secret("robot"))"
        files["users"] =
            "keeper:\(try PasswordHash.make(of: Secret(secret("password")), salt: "salt", iterations: 1_000))"
        try write(files, below: folder)
        let manifests = CanaryManifests(addresses: addresses, secrets: folder, project: Self.project)
        try write(["config-forge.yaml": manifests.configForge], below: folder)
        try await double(.gitlab).administer { world in
            try await world.addProject(Self.config, defaultBranch: "main")
            try await world.commit(
                manifests.files.mapValues { Array($0.utf8) }, on: "main", of: Self.config,
                message: "What should be\n", by: "author")
            // A secret where only its place is to stand is a mistake that people make.
            _ = try await world.propose(
                ["sluice/leak.yaml": Array(manifests.leak(Canary.secret(for: "literal")).utf8)], from: "leak",
                into: "main", of: Self.config, title: "Leak", by: "author")
        }
        var environment = [
            "SLUICE_STATE_DATABASE": uri("librarian", secret("state"), port, "state"),
            "CANARY_NEXT": secret("github-next-hook"),
        ]
        for type in [ForgeType.github, .gerrit] {
            environment["CANARY_\(type.rawValue.uppercased())"] = secret("\(type.rawValue)-token")
        }
        let controller = try await ServedController.start(
            directories,
            desiredState: [
                "--config-repo", Self.config, "--config-forge", "\(folder)/config-forge.yaml", "--path", "sluice",
                "--branch", "main", "--trust-host", "127.0.0.1", "--log-level", "debug", "--access-token-file",
                "\(folder)/access", "--users-file", "\(folder)/users",
            ], environment: environment, token: accessToken)
        _ = try await eventually("desired state") {
            let all = try await controller.client.get(["api", "v1", "resources", "Registry"]).body["items"]?.array
            return all?.count == manifests.registries.count ? true : nil
        }
        return controller
    }

    private func uri(_ role: String, _ password: String, _ port: Int, _ database: String) -> String {
        "postgresql://\(role):\(password)@127.0.0.1:\(port)/\(database)"
    }

    // MARK: What people do

    func tellOfEvents(at type: ForgeType, to server: String) {
        let secret = secret("\(type.rawValue)-hook")
        let hook = "\(server)/hooks/\(type.rawValue)"
        doubles[type]?.webhooks.set(
            WebhookTarget(
                url: type == .gerrit ? "\(hook)/\(secret)" : hook, secret: secret,
                proof: type == .gitee ? .other : .usual))
    }

    func propose(at type: ForgeType) async throws {
        let head = try await double(type).administer { world in
            try await world.propose(
                SampleRegistry.visits.mapValues { Array($0.utf8) }, from: "one", into: "master", of: Self.project,
                title: "Visits", by: "author"
            ).head
        }
        heads.withLockedValue { $0[type] = head }
    }

    /// Gives the candidate another revision, of which a webhook tells.
    func revise(at type: ForgeType) async throws {
        let note = "data-model/note-\(UInt32.random(in: .min ... .max)).txt"
        let head = try await double(type).administer {
            try await $0.revise(1, in: Self.project, changing: [note: [0x31]])
        }
        heads.withLockedValue { $0[type] = head }
    }

    /// Waits until the present revision has a verdict.
    func awaitVerdict(at type: ForgeType, _ controller: ServedController) async throws {
        let head = heads.withLockedValue { $0[type] }?.hex
        _ = try await eventually("a verdict at \(type)") {
            let all = try await controller.client.get(["api", "v1", "resources", "Candidate"]).body["items"]?.array
            let candidate = all?.first { $0["metadata"]?["name"]?.string == "on-\(type.rawValue)/1" }
            return candidate?["status"]?["settledRevision"]?.string == head ? true : nil
        }
    }

    /// Has the registry looked at, and waits for the end of that.
    func look(at type: ForgeType, _ controller: ServedController) async throws {
        let path = ["Registry", "on-\(type.rawValue)"]
        let ticket = try await controller.client.post(["api", "v1", "resources"] + path + ["reconcile"]).body
        try await PassWait(client: controller.client, deadline: .seconds(600)).wait(
            for: path, pass: try PassWait.pass(of: ticket))
    }

    /// Requests of the host's interface that are answered with what was sent.
    static func interfaceFaults(_ type: ForgeType) -> [Fault] {
        let path = type == .gerrit ? "/a/changes*" : "/api/*"
        return [401, 403, 500, 200].map { Fault(.echo, on: path, times: 3, status: $0) }
            + [Fault(.html, on: path, times: 3, status: 401), Fault(.truncatedJSON, on: path, times: 3)]
    }

    /// Requests of git that are answered with what was sent, or not wholly.
    static let gitFaults =
        [401, 403, 404, 500, 200].map { Fault(.echo, on: "*land/registry*/info/refs*", status: $0) }
        + [
            Fault(.html, on: "*land/registry*/info/refs*"),
            Fault(.truncatedBody, on: "*land/registry*/git-upload-pack"),
            Fault(.connectionClosed, on: "*land/registry*/info/refs*"),
        ]

    // MARK: Looking

    /// The rows of all databases of the server, its catalogues included, that hold a secret.
    func rowsWithSecrets() async throws -> [String] {
        let pool = PostgresPool(configuration: cluster.configuration, size: 1)
        let names = try await pool.query(
            "SELECT datname AS name FROM pg_database WHERE datallowconn ORDER BY 1"
        ).map { try $0.string("name") }
        await pool.close()
        var found: [String] = []
        for name in names {
            let connection = try await PostgresConnection.open(cluster.configuration.with(database: name))
            let tables = try await connection.query(
                "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables ORDER BY 1"
            ).map { try $0.string("name") }
            for table in tables {
                let rows = try await connection.query(
                    "SELECT left(row::text, 2000) AS row FROM (SELECT t::text AS row FROM \(table) t) AS all_rows "
                        + "WHERE \(Canary.condition(on: "row"))")
                found += try rows.map { "\(name) \(table): \(try $0.string("row"))" }
            }
            await connection.close()
        }
        return found
    }
}
