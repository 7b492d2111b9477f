import DesiredState
import Diagnostics
import ForgeDoubles
import Forges
import Foundation
import GitClient
import Logging
import OutboundHTTP
import Reconciliation
import StateStore
import StateStoreSupport
import TestSupport
import Testing

@testable import ReleasePromotion

/// A control repository on a code host that speaks its own protocol: git over HTTP, merge requests over REST, and a mirror on
/// this machine that is fetched before every look.
struct HostWorld: ControlDirectory {
    static let project = "puppet/control"
    static let branches = ["uat", "production", "zone01", "zone02"]
    private static let token = "sluice-token-0123456789"

    let store: StateStore
    let forge: any Forge
    let double: ForgeDouble
    let mirror: GitMirror
    /// What checks releases; nobody unless a test wants it.
    var checks: ReleaseChecks?

    /// Calls `body` with a host whose stages and zones all stand at one commit.
    static func with(_ type: ForgeType, _ body: @Sendable (HostWorld) async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await withTemporaryDirectory("host") { folder in
            let double = try ForgeDouble(
                ForgeDoubleConfiguration(type: type, directory: folder, now: { Date() }), logger: logger)
            try await double.administer { world in
                for (login, token) in [("ada", "ada-token"), ("sluice", token)] {
                    try await world.addToken(token, for: try await world.addAccount(login))
                }
                try await world.addProject(project, defaultBranch: "production")
                try await world.commit(
                    ["Puppetfile": Array(Puppetfile().text.utf8)], on: "production", of: project, message: "Begin\n",
                    by: "ada")
            }
            try await double.serving { baseURL in
                let client = OutboundClient(
                    destinations: DestinationGuard(policy: AddressPolicy(trusting: ["127.0.0.1"])),
                    configuration: .init(connectTimeout: .seconds(120), deadline: .seconds(600)))
                let access = try ForgeAccess(
                    name: type.rawValue, url: baseURL, user: type == .gerrit ? "sluice" : nil, client: client,
                    secret: { Secret(token) })
                let forge: any Forge =
                    switch type {
                    case .gerrit: GerritForge(access)
                    case .gitlab: GitLabForge(access)
                    case .github: try GitHubForge(access)
                    case .gitee: GiteeForge(access)
                    }
                try await withStore(connections: 4) { store in
                    let world = HostWorld(
                        store: store, forge: forge, double: double,
                        mirror: try await GitMirror.create("\(folder)/mirror.git"))
                    try await world.begin()
                    try await body(world)
                }
            }
        }
    }

    private func begin() async throws {
        let project = try ProjectRef(Self.project)
        let first = try #require(
            try await forge.branchHead(project: project, branch: try .branch("production")))
        for branch in Self.branches where branch != "production" {
            _ = try await forge.createBranch(try .branch(branch), at: first, project: project)
        }
    }

    func controlRepository(named name: String) -> ControlRepository? {
        ControlRepository(
            name: name,
            spec: ControlRepositorySpec(
                forge: "host", project: Self.project, stages: ["uat", "production"],
                zones: ZoneSelection(patterns: ["zone*"])),
            forge: forge)
    }

    func mirror(of repository: ControlRepository) async throws -> GitMirror {
        let source = try await forge.source(project: try ProjectRef(Self.project))
        try await transport(source).fetch(
            into: mirror.path, from: source.remote, refspecs: [try RefSpec("refs/heads/*", to: "refs/heads/*")])
        return mirror
    }

    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to repository: ControlRepository) async throws {
        let source = try await forge.source(project: try ProjectRef(Self.project))
        try await transport(source).push(from: mirror.path, to: source.remote, updates: updates)
    }

    private func transport(_ source: ForgeSource) -> GitTransport {
        GitTransport(allowing: [.http], access: GitAccess(credential: source.credential))
    }

    /// Has somebody propose a pin on a branch of its own.
    func propose(_ branch: String, edge pin: String) async throws {
        var file = Puppetfile()
        file.pins[Puppetfile.edge] = pin
        let text = Array(file.text.utf8)
        try await double.administer { world in
            try await world.commit(
                ["Puppetfile": text], on: branch, of: Self.project, message: "Pin\n", startingAt: "uat", by: "ada")
        }
    }

    /// Wants a release somewhere, approved as its source stands, and works until nothing is due.
    func release(
        _ source: String, to target: ReleaseTarget, failpoints: any Failpoints = NoFailpoints(), worker: String = "one"
    ) async throws -> ReleaseStatus {
        let mirror = try await mirror(of: try #require(controlRepository(named: "puppet")))
        let head = try await mirror.resolve(try .branch(source))
        let tree: ObjectID? = if let head { try await mirror.commit(head).tree } else { nil }
        let spec = ReleaseSpec(
            repository: "puppet", source: source, title: "Release \(source)",
            batches: [ReleaseBatch(zones: ["zone01", "zone02"])], operators: ["bob"],
            approvals: tree.map { [ReleaseApproval(by: "dora", tree: $0.hex)] } ?? [], target: target,
            requestedBy: "bob")
        let key = ReleaseName(repository: "puppet", release: source).key
        try await store.resources.store([DesiredResource(key, spec: ResourceSpec.release(spec).json)])
        try await store.queue.enqueue(EnqueueRequest(key, lane: .observe, reason: "test"))
        var configuration = EngineConfiguration.patient(worker: worker)
        configuration.retry = RetryPolicy(base: .zero, cap: .zero)
        try await Engine(
            store: store,
            reconcilers: [ReleaseReconciler(directory: self, pins: { _ in Puppetfile.pins }, checks: checks)],
            configuration: configuration, failpoints: failpoints, randomness: Randomness { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).drain(limit: 100)
        let stored = try await store.resources.get(key)
        let story = stored?.conditions.map { "\($0.type.rawValue)=\($0.status) \($0.message)" } ?? []
        return try #require(ReleaseStatus(stored?.status), "\(story)")
    }

    /// Why a release does not go on, by the reason of its condition; nil when it does.
    func stall(_ name: String) async throws -> String? {
        let stored = try await store.resources.get(ReleaseName(repository: "puppet", release: name).key)
        guard let condition = stored?.conditions[.stalled], condition.status == .true else { return nil }
        return condition.reason
    }

    /// What is pinned on each long-lived branch, and which other branches there are.
    func standing() async throws -> (pins: [String], others: [String]) {
        let mirror = try await mirror(of: try #require(controlRepository(named: "puppet")))
        let heads = try await mirror.references(under: "refs/heads/").targets
        var pins: [String] = []
        for branch in Self.branches {
            let head = try #require(heads[try .branch(branch)])
            let bytes = try await mirror.files(in: head, under: ["Puppetfile"]).first?.bytes ?? []
            pins.append(Pin.name(Puppetfile(reading: bytes).pins[Puppetfile.edge]))
        }
        return (pins, heads.keys.compactMap(\.branchName).filter { !Self.branches.contains($0) }.sorted())
    }

    /// How many merges each long-lived branch has.
    func merges() async throws -> [Int] {
        let mirror = try await mirror(of: try #require(controlRepository(named: "puppet")))
        let heads = try await mirror.heads()
        return try await mirror.speculate { trial in
            try Self.branches.map { try BranchHistory(of: try #require(heads[$0]), in: trial).events.count }
        }
    }

    /// The numbers of the merge requests that are open, whoever they are from.
    func openRequests() async throws -> [Int] {
        try await double.administer { world in
            var open: [Int] = []
            for number in 1... {
                guard let record = try? await world.record(number, in: Self.project) else { break }
                if record.state == .open { open.append(number) }
            }
            return open
        }
    }
}
