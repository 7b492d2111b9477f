import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import Logging
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import StateStoreSupport
import TestSupport
import Testing

@testable import UpstreamTracking

/// An upstream and a package on a local forge, both real git, and engines that can be made to die and be born again.
struct UpstreamWorld: UpstreamDirectory {
    static let name = "tool"
    static let branch = "patch-tracking/tool/main"

    let store: StateStore
    let forge: LocalForge
    let upstreamRepository: ScriptedRepository
    let packageRepository: ScriptedRepository
    let spec: NIOLockedValueBox<UpstreamSpec>
    let time: NIOLockedValueBox<Date>
    let isDesired = NIOLockedValueBox(true)

    static func text(_ changes: [Int: String] = [:]) -> ScriptedFile {
        .text((1...30).map { "\(changes[$0] ?? "line \($0)")\n" }.joined())
    }

    /// Calls `body` with an upstream of one commit, and a package that has it as it is.
    static func with(
        package files: [String: ScriptedFile] = ["main.c": text()],
        _ change: (UpstreamSpec) -> UpstreamSpec = { $0 }, _ body: @Sendable (UpstreamWorld) async throws -> Void
    ) async throws {
        let spec = change(
            UpstreamSpec(
                source: UpstreamSource(place: .url("https://git.example.org/tool.git"), branch: "main"),
                package: TrackedPackage(forge: "local", project: "packages/tool", branch: "master", sources: "."),
                patches: PatchPlacement(folder: "patches")))
        try await withTemporaryDirectory("upstream") { folder in
            let upstream = try await ScriptedRepository.create(at: "\(folder)/upstream.git")
            try await upstream.push(["main.c": text(), "docs/readme": "hello\n"], to: "main", message: "Begin")
            let package = try await ScriptedRepository.create(at: "\(folder)/packages/tool.git")
            try await package.push(files, to: "master", message: "Package")
            let forge = LocalForge(
                name: "local", folder: folder, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Date(timeIntervalSince1970: 1_739_300_000) })
            try await withStore(connections: 4) { store in
                let world = UpstreamWorld(
                    store: store, forge: forge, upstreamRepository: upstream,
                    packageRepository: package, spec: NIOLockedValueBox(spec),
                    time: NIOLockedValueBox(Date(timeIntervalSince1970: 1_739_260_800)))
                try await body(world)
            }
        }
    }

    func tracking(named name: String) -> Tracking? {
        name == Self.name && isDesired.withLockedValue(\.self)
            ? tracking(named: name, as: spec.withLockedValue(\.self)) : nil
    }

    func tracking(named name: String, as spec: UpstreamSpec) -> Tracking? {
        Tracking(name: name, spec: spec, forge: forge, commitPage: "https://git.example.org/tool/commit/")
    }

    func upstream(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        try await GitMirror.open(upstreamRepository.path)
    }

    func package(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        try await GitMirror.open(
            packageRepository.path.replacing("packages/tool.git", with: "\(tracking.spec.package.project).git"))
    }

    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to tracking: Tracking) async throws {
        try await mirror.update(updates)
    }
}

extension UpstreamWorld {
    static let key = ResourceKey(kind: ResourceKind.upstream.rawValue, name: name)
    static let project = try? ProjectRef("packages/tool")

    /// Has the controller work until nothing is due.
    func look(failpoints: any Failpoints = NoFailpoints(), worker: String = "one") async throws {
        let spec = spec.withLockedValue(\.self)
        if isDesired.withLockedValue(\.self) {
            try await store.resources.store([DesiredResource(Self.key, spec: ResourceSpec.upstream(spec).json)])
        } else {
            try await store.resources.requestDeletion(of: [Self.key])
        }
        try await store.queue.enqueue(EnqueueRequest(Self.key, lane: .observe, reason: "test"))
        try await engine(failpoints: failpoints, worker: worker).drain(limit: 50)
    }

    /// An engine; each has its own worker's name, as each process has.
    func engine(failpoints: any Failpoints, worker: String, directory: (any UpstreamDirectory)? = nil) -> Engine {
        var configuration = EngineConfiguration.patient(worker: worker)
        configuration.retry = RetryPolicy(base: .zero, cap: .zero)
        let time = time
        return Engine(
            store: store,
            reconcilers: [
                UpstreamReconciler(directory: directory ?? self, store: store) { time.withLockedValue(\.self) }
            ],
            configuration: configuration, failpoints: failpoints, randomness: Randomness { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// What the controller says.
    func status() async throws -> TrackingStatus {
        let stored = try await store.resources.get(Self.key)
        return try #require(TrackingStatus(stored?.status), "\(String(describing: stored))")
    }

    /// The reason and the message of a condition.
    func condition(_ kind: Condition.Kind = .ready) async throws -> (reason: String, message: String) {
        let condition = try #require(try await store.resources.get(Self.key)?.conditions[kind])
        return (condition.reason, condition.message)
    }

    /// The one merge request.
    func request() async throws -> MergeRequest? {
        let all = try await requests()
        #expect(all.count <= 1, "there is never more than one")
        return all.first
    }

    func requests() async throws -> [MergeRequest] {
        try await forge.openMergeRequests(
            from: try .branch(Self.branch), into: try .branch("master"), project: try #require(Self.project))
    }

    /// All issues.
    func issues() async throws -> [Forges.Issue] {
        var found: [Forges.Issue] = []
        while let issue = try await forge.issue(
            try IssueID(String(found.count + 1)), project: try #require(Self.project))
        {
            found.append(issue)
        }
        return found
    }

    /// Branches of the package, candidates aside.
    func branches() async throws -> [String] {
        try await packageRepository.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").split(
            separator: "\n"
        ).map(String.init).filter { !$0.hasPrefix("candidate/") }
    }

    func file(_ path: String, at revision: String = branch) async throws -> String {
        try await packageRepository.git("show", "\(revision):\(path)")
    }

    func merge() async throws {
        let request = try #require(try await request())
        _ = try await forge.merge(
            request.id, expecting: request.head, message: nil, project: try #require(Self.project))
    }

    /// Commits something upstream.
    @discardableResult
    func commit(_ changes: [Int: String], _ message: String = "Change") async throws -> ObjectID {
        try await upstreamRepository.push(["main.c": Self.text(changes)], to: "main", message: message)
    }
}
