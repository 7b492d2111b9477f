import ConfigRepository
import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import Logging
import Reconciliation
import StateStore
import StateStoreSupport
import TestSupport

/// A config repository on a local forge, a state store of its own, and the reconciler between them.
struct ConfigWorld {
    let store: StateStore
    let repository: ScriptedRepository
    let forge: LocalForge
    let directory: String
    let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static let key = Configuration.key

    /// Calls `body` with a world in which `main` of the repository holds these files below `config/`.
    static func with(
        _ files: [String: String] = ConfigWorld.three, _ body: (ConfigWorld) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory("config") { directory in
            try await withStore { store in
                let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                let world = ConfigWorld(
                    store: store, repository: try await .create(at: "\(directory)/git/config.git"),
                    forge: LocalForge(
                        name: "local", folder: "\(directory)/git", logger: logger,
                        now: { Date(timeIntervalSince1970: 1_700_000_000) }),
                    directory: directory)
                if !files.isEmpty { try await world.push(files) }
                try await body(world)
            }
        }
    }

    /// A forge, a server and a registry `land`, each in a file of its own.
    static let three = ["forge.yaml": forge, "server.yaml": server, "land.yaml": registry("land")]

    static let forge = """
        apiVersion: sluice.dev/v1alpha1
        kind: Forge
        metadata: {name: local}
        spec: {type: local, local: {path: /srv/git}}

        """
    static let server = """
        apiVersion: sluice.dev/v1alpha1
        kind: DatabaseServer
        metadata: {name: main}
        spec: {embedded: {}}

        """

    /// A registry; `metadata` and `spec` are more lines of those.
    static func registry(_ name: String, metadata: String = "", spec: String = "") -> String {
        """
        apiVersion: sluice.dev/v1alpha1
        kind: Registry
        metadata: {name: \(name)\(metadata.isEmpty ? "" : ", \(metadata)")}
        spec:
          forge: local
          project: \(name)
          server: main
          databasePrefix: \(name)-dev-
          referenceDatabase: reference
          changelogs: [{path: data-model/main.xml}]
        \(spec.isEmpty ? "" : "  \(spec)\n")
        """
    }

    /// Pushes files below `config/`; nil deletes one.
    @discardableResult
    func push(
        _ files: [String: String?], to branch: String = "main", from base: ObjectID? = nil, message: String = "Change"
    ) async throws -> ObjectID {
        let scripted = files.map { ("config/\($0.key)", $0.value.map { ScriptedFile.text($0) } ?? .deleted) }
        return try await repository.push(
            Dictionary(uniqueKeysWithValues: scripted), to: branch, from: base, message: message)
    }

    /// Takes every object out; the directory stays.
    func empty() async throws {
        try await push(["land.yaml": nil, "forge.yaml": nil, "server.yaml": nil, "README.md": "nothing here"])
    }

    func source(path: String = "config") throws -> RepositorySource {
        try RepositorySource(
            forge: forge, .local(LocalForgeSpec(path: "\(directory)/git")), project: try ProjectRef("config"),
            branch: "main", path: path,
            mirrorPath: "\(directory)/mirrors/config.git", transport: GitTransport(allowing: [.file]))
    }

    func reconciler(
        path: String = "config", policy: ConfigurationPolicy = ConfigurationPolicy(),
        interval: Duration = .seconds(3600), source: (any ConfigurationSource)? = nil
    ) throws -> ConfigurationReconciler {
        ConfigurationReconciler(
            source: try source ?? self.source(path: path), policy: policy, store: store, interval: interval,
            logger: silence)
    }

    /// Looks at the source once, as at start and then as the engine does.
    func look(path: String = "config", policy: ConfigurationPolicy = ConfigurationPolicy()) async throws {
        let reconciler = try reconciler(path: path, policy: policy)
        try await reconciler.takeUp()
        try await pass(reconciler)
    }

    /// One pass of the engine.
    func pass(_ reconciler: ConfigurationReconciler) async throws {
        try await store.queue.enqueue(EnqueueRequest(Self.key, lane: .observe, reason: "test"))
        try await engine(reconciler).drain()
    }

    func engine(
        _ reconciler: ConfigurationReconciler, worker: String = "one", failpoints: any Failpoints = NoFailpoints()
    ) -> Engine {
        let configuration = EngineConfiguration.patient(worker: worker)
        return Engine(
            store: store, reconcilers: [reconciler], configuration: configuration, failpoints: failpoints,
            randomness: Randomness { 0 }, logger: silence)
    }

    /// The keys in force.
    func inForce() async throws -> [String] { try await store.inForce().map(\.key.description) }

    /// What is said of desired state: the reason of its Ready condition, and the message.
    func said() async throws -> (reason: String, message: String)? {
        try await store.resources.get(Self.key)?.conditions[.ready].map { ($0.reason, $0.message) }
    }

    /// The changes so far, oldest first, in words.
    func changes() async throws -> [String] {
        try await store.configuration.list().elements.reversed().map { change in
            change.entries.map { "\($0.effect.rawValue) \($0.key)" }.joined(separator: ", ")
        }
    }

    /// What stands on a candidate at its revision.
    func verdict(_ id: String, at revision: ObjectID) async throws -> VerdictReport? {
        try await forge.verdict(on: revision, of: try CandidateID(id), project: try ProjectRef("config"))
    }
}
