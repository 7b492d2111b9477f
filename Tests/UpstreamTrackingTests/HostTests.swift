import DesiredState
import Diagnostics
import ForgeDoubles
import Forges
import Foundation
import GitClient
import Logging
import NIOConcurrencyHelpers
import OutboundHTTP
import PostgresClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("Following an upstream on code hosts")
struct HostTests {
    @Test(
        "Over the host's own protocol, commits become one issue and one merge request, are updated in place, and end with the merge",
        arguments: [ForgeType.gitlab, .github, .gitee])
    func life(_ host: ForgeType) async throws {
        try await HostedPackage.with(host) { world in
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            let first = try #require(try await world.requests().first)
            #expect(first.title == "tool: Say three" && first.isOurs)
            let last = try await world.commit([3: "three", 20: "twenty"], "Say twenty")
            try await world.look()
            let all = try await world.requests()
            #expect(all.map(\.id) == [first.id])
            #expect(all.first?.title == "tool: 2 patches of upstream's main, up to Say twenty")
            let issue = try #require(try await world.issue())
            #expect(issue.state == .open && issue.title == all.first?.title)
            #expect(all.first?.body.contains("Issue #\(issue.id)") == true)
            if world.forge.capabilities.contains(.commitStatuses) {
                let head = try #require(all.first).head
                let statuses = try await world.forge.statuses(on: head, project: world.project)
                #expect(statuses.contains { $0.context == "sluice/upstream" && $0.state == .success })
            }

            _ = try await world.forge.merge(
                first.id, expecting: try #require(all.first).head, message: nil, project: world.project)
            try await world.look()
            #expect(try await world.status().cursor == last)
            #expect(try await world.issue()?.state == .closed)
            #expect(try await world.forge.branches(project: world.project, withPrefix: "patch-tracking/").isEmpty)
        }
    }
}

/// A package on a code host that speaks its own protocol, and an upstream that is a folder.
struct HostedPackage: UpstreamDirectory {
    private static let token = "sluice-token-0123456789"
    private static let path = "packages/tool"

    let store: StateStore
    let forge: any Forge
    let mirror: GitMirror
    let upstreamRepository: ScriptedRepository
    let project: ProjectRef
    let isDesired = NIOLockedValueBox(true)

    static func with(_ type: ForgeType, _ body: @Sendable (HostedPackage) async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await withTemporaryDirectory("upstream-host") { folder in
            let upstream = try await ScriptedRepository.create(at: "\(folder)/upstream.git")
            try await upstream.push(["main.c": UpstreamWorld.text()], to: "main", message: "Begin")
            let double = try ForgeDouble(
                ForgeDoubleConfiguration(type: type, directory: "\(folder)/host", now: { Date() }), logger: logger)
            guard case .text(let text) = UpstreamWorld.text() else { return }
            try await double.administer { world in
                for (login, token) in [("ada", "ada-token"), ("sluice", token)] {
                    try await world.addToken(token, for: try await world.addAccount(login))
                }
                try await world.addProject(path, defaultBranch: "master")
                try await world.commit(
                    ["main.c": Array(text.utf8)], on: "master", of: path, message: "Begin\n", by: "ada")
            }
            try await double.serving { baseURL in
                let client = OutboundClient(
                    destinations: DestinationGuard(policy: AddressPolicy(trusting: ["127.0.0.1"])))
                let access = try ForgeAccess(name: "host", url: baseURL, client: client, secret: { Secret(token) })
                let forge: any Forge =
                    switch type {
                    case .gerrit: GerritForge(access)
                    case .gitlab: GitLabForge(access)
                    case .github: try GitHubForge(access)
                    case .gitee: GiteeForge(access)
                    }
                try await TestPostgres.shared().withDatabase { configuration in
                    let pool = PostgresPool(configuration: configuration, size: 4)
                    let world = HostedPackage(
                        store: StateStore(pool: pool), forge: forge,
                        mirror: try await GitMirror.create("\(folder)/mirror.git"), upstreamRepository: upstream,
                        project: try ProjectRef(path))
                    let result: Result<Void, any Error>
                    do {
                        try await world.store.migrate()
                        result = .success(try await body(world))
                    } catch { result = .failure(error) }
                    await pool.close()
                    try result.get()
                }
            }
        }
    }

    static let spec = UpstreamSpec(
        source: UpstreamSource(place: .url("file:///nowhere"), branch: "main"),
        package: TrackedPackage(forge: "host", project: path, branch: "master", sources: "."),
        patches: PatchPlacement(folder: "patches"))

    func tracking(named name: String) -> Tracking? {
        isDesired.withLockedValue(\.self) ? tracking(named: name, as: Self.spec) : nil
    }

    func tracking(named name: String, as spec: UpstreamSpec) -> Tracking? {
        Tracking(name: name, spec: spec, forge: forge)
    }

    func upstream(of tracking: Tracking) async throws -> GitMirror { try await GitMirror.open(upstreamRepository.path) }

    func package(of tracking: Tracking) async throws -> GitMirror {
        let source = try await forge.source(project: project)
        try await transport(source).fetch(
            into: mirror.path, from: source.remote, refspecs: [try RefSpec("refs/heads/*", to: "refs/heads/*")])
        return mirror
    }

    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to tracking: Tracking) async throws {
        let source = try await forge.source(project: project)
        try await transport(source).push(from: mirror.path, to: source.remote, updates: updates)
    }

    private func transport(_ source: ForgeSource) -> GitTransport {
        GitTransport(allowing: [.http], access: GitAccess(credential: source.credential))
    }

    /// Has the controller work until nothing is due.
    func look(failpoints: any Failpoints = NoFailpoints(), worker: String = "one") async throws {
        if isDesired.withLockedValue(\.self) {
            try await store.resources.store([
                DesiredResource(UpstreamWorld.key, spec: ResourceSpec.upstream(Self.spec).json)
            ])
        } else {
            try await store.resources.requestDeletion(of: [UpstreamWorld.key])
        }
        try await store.queue.enqueue(EnqueueRequest(UpstreamWorld.key, lane: .observe, reason: "test"))
        var configuration = EngineConfiguration(worker: worker)
        configuration.quarantine = QuarantinePolicy(suspectDelay: .zero)
        configuration.retry = RetryPolicy(base: .zero, cap: .zero)
        let engine = Engine(
            store: store, reconcilers: [UpstreamReconciler(directory: self, store: store)],
            configuration: configuration, failpoints: failpoints, randomness: Randomness { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await engine.drain(limit: 50)
    }

    @discardableResult
    func commit(_ changes: [Int: String], _ message: String) async throws -> ObjectID {
        try await upstreamRepository.push(["main.c": UpstreamWorld.text(changes)], to: "main", message: message)
    }

    func requests() async throws -> [MergeRequest] {
        try await forge.openMergeRequests(
            from: try .branch(UpstreamWorld.branch), into: try .branch("master"), project: project)
    }

    func issue() async throws -> Forges.Issue? {
        try await forge.issue(marked: try Marker("upstream/tool"), project: project)
    }

    /// All issues.
    func issues() async throws -> [Forges.Issue] {
        var found: [Forges.Issue] = []
        while let issue = try await forge.issue(try IssueID(String(found.count + 1)), project: project) {
            found.append(issue)
        }
        return found
    }

    func status() async throws -> TrackingStatus {
        try #require(TrackingStatus(try await store.resources.get(UpstreamWorld.key)?.status))
    }
}
