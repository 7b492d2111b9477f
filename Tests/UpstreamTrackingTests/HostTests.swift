import DesiredState
import Diagnostics
import ForgeDoubles
import Forges
import Foundation
import GitClient
import Logging
import NIOConcurrencyHelpers
import OutboundHTTP
import Reconciliation
import StateStore
import StateStoreSupport
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

extension HostTests {
    @Test(
        "A project with its issues switched off gets its branch and its merge request, and says that there is no issue",
        arguments: [
            (ForgeType.gitlab, "POST", 403), (.github, "POST", 410), (.github, "GET", 410), (.gitee, "POST", 404),
        ])
    func noIssues(_ host: ForgeType, _ method: String, _ status: Int) async throws {
        try await HostedPackage.with(host) { world in
            try await world.look()
            world.faults.set([Fault(.status, on: "*/issues", method: method, times: 1000, status: status)])
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            let request = try #require(try await world.requests().first)
            #expect(request.title == "tool: Say three" && !request.body.contains("Issue #"))
            let known = try await world.status()
            #expect(known.issueProblem != nil && known.request == request.id.rawValue)
            let stored = try #require(try await world.store.resources.get(UpstreamWorld.key))
            let ready = try #require(stored.conditions[.ready])
            #expect(ready.status == .true && ready.message.contains("without an issue"), "\(ready)")
            let tasks = try await world.store.history.tasks().elements.count
            try await world.look()
            #expect(try await world.store.history.tasks().elements.count == tasks, "it is not tried at every look")

            world.faults.set([])
            let last = try await world.commit([3: "three", 20: "twenty"], "Say twenty")
            try await world.look()
            #expect(try await world.issue()?.state == .open, "it is tried again with the next text")
            #expect(try await world.status().issueProblem == nil)
            let head = try #require(try await world.requests().first).head
            _ = try await world.forge.merge(request.id, expecting: head, message: nil, project: world.project)
            try await world.look()
            #expect(try await world.status().cursor == last)
        }
    }
}

extension HostTests {
    @Test(
        "A host that fails for a moment while a merge request is written costs it no link to its issue",
        arguments: [ForgeType.gitlab, .github, .gitee])
    func passingFailure(_ host: ForgeType) async throws {
        try await HostedPackage.with(host) { world in
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            let faults = world.faults
            try await world.look(
                failpoints: ScriptedFailpoints { point, times in
                    guard point == "before:upstream.tell-request", times == 1 else { return }
                    faults.set([Fault(.status, on: "*/issues", method: "GET", times: 6, status: 502)])
                })
            #expect(faults.pending.isEmpty, "it has failed")
            let issue = try #require(try await world.issue())
            #expect(try await world.requests().map { $0.body.contains("Issue #\(issue.id)") } == [true])
        }
    }

    @Test(
        "Reviewers are asked by the host's own means, once; whom it does not let us ask is mentioned instead",
        arguments: [ForgeType.gitlab, .github, .gitee])
    func reviewers(_ host: ForgeType) async throws {
        try await HostedPackage.with(host, reviewers: ["ada", "nobody"]) { world in
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            let request = try #require(try await world.requests().first)
            #expect(!request.body.contains("@ada"))
            let left = try await world.forge.askForReview(of: request.id, from: ["ada"], project: world.project)
            #expect(left.isEmpty)
            let asked = world.log.entries.count { $0.path.hasSuffix("/requested_reviewers") }
            try await world.look()
            #expect(try await world.requests().first?.body.contains("@nobody") == true)
            #expect(world.log.entries.count { $0.path.hasSuffix("/requested_reviewers") } == asked)
            #expect(try await world.status().asked == ["ada", "nobody"])
            #expect(try await world.status().notAsked == ["nobody"])
        }
    }

    @Test("Labels that people put on the issue stay when its text is brought up to date", arguments: [ForgeType.gitlab])
    func labels(_ host: ForgeType) async throws {
        try await HostedPackage.with(host) { world in
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            let issue = try #require(try await world.issue())
            let marker = try Marker("upstream/tool")
            _ = try await world.forge.keep(
                IssueDraft(
                    marker: marker, title: issue.title, body: marker.unmarked(issue.body), labels: ["people"]),
                project: world.project)
            try await world.commit([3: "three", 9: "nine"], "Say nine")
            try await world.look()
            let after = try #require(try await world.issue())
            #expect(after.title != issue.title && after.labels == ["people"])
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
    let faults: FaultPlan
    let log: RequestLog
    let spec: UpstreamSpec
    let isDesired = NIOLockedValueBox(true)

    static func with(
        _ type: ForgeType, reviewers: [String] = [], _ body: @Sendable (HostedPackage) async throws -> Void
    ) async throws {
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
                    destinations: DestinationGuard(policy: AddressPolicy(trusting: ["127.0.0.1"])),
                    configuration: .init(connectTimeout: .seconds(120), deadline: .seconds(600)))
                let access = try ForgeAccess(name: "host", url: baseURL, client: client, secret: { Secret(token) })
                let forge: any Forge =
                    switch type {
                    case .gerrit: GerritForge(access)
                    case .gitlab: GitLabForge(access)
                    case .github: try GitHubForge(access)
                    case .gitee: GiteeForge(access)
                    }
                try await withStore(connections: 4) { store in
                    let world = HostedPackage(
                        store: store, forge: forge,
                        mirror: try await GitMirror.create("\(folder)/mirror.git"), upstreamRepository: upstream,
                        project: try ProjectRef(path), faults: double.faults, log: double.log,
                        spec: Self.spec(reviewers))
                    try await body(world)
                }
            }
        }
    }

    private static func spec(_ reviewers: [String]) -> UpstreamSpec {
        UpstreamSpec(
            source: UpstreamSource(place: .url("https://git.example.org/tool.git"), branch: "main"),
            package: TrackedPackage(forge: "host", project: path, branch: "master", sources: "."),
            patches: PatchPlacement(folder: "patches"), reviewers: reviewers)
    }

    func tracking(named name: String) -> Tracking? {
        isDesired.withLockedValue(\.self) ? tracking(named: name, as: spec) : nil
    }

    func tracking(named name: String, as spec: UpstreamSpec) -> Tracking? {
        Tracking(name: name, spec: spec, forge: forge)
    }

    func upstream(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        try await GitMirror.open(upstreamRepository.path)
    }

    func package(of tracking: Tracking, age: Duration) async throws -> GitMirror {
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
                DesiredResource(UpstreamWorld.key, spec: ResourceSpec.upstream(spec).json)
            ])
        } else {
            try await store.resources.requestDeletion(of: [UpstreamWorld.key])
        }
        try await store.queue.enqueue(EnqueueRequest(UpstreamWorld.key, lane: .observe, reason: "test"))
        var configuration = EngineConfiguration.patient(worker: worker)
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
