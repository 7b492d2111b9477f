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

@testable import ReleasePromotion

/// A control repository on a local forge with real git, releases in a real store, and engines that can be made to die and
/// be born again.
struct ReleaseWorld: ControlDirectory {
    static let name = "puppet"
    static let project = "puppet/control"
    static let approver = "dora"

    let store: StateStore
    let forge: any ReleaseForge
    let mirror: GitMirror
    var rules: ControlRepositorySpec
    /// Whether the control repository is desired.
    var isDesired = true
    let time: NIOLockedValueBox<Date>
    /// What checks releases; nobody unless a test wants it.
    var checks: ReleaseChecks?
    /// How pins are read.
    var pins: PinReading? = Puppetfile.pins
    /// Where modules are; nowhere unless a test wants it.
    var pinHistory: PinHistory?
    /// Branches that other releases name as their sources.
    var sharedSources: Set<String> = []
    /// Where r10k's records are; nowhere unless a test wants it.
    var records: (any DeployRecords)?
    /// What happens just before a merge request is merged into a branch, or the branch is deleted.
    let interference: NIOLockedValueBox<[String: @Sendable () async throws -> Void]>
    /// What the code host says of merging into a branch, one word after the other.
    let mergeability = NIOLockedValueBox<[String: [MergeRequest.Mergeability]]>([:])
    /// How often the controller has waited for the code host to find out.
    let pauses = NIOLockedValueBox(0)

    /// Calls `body` with a control repository whose stages and zones all stand at one commit.
    static func with(
        zones: [String], rollback: RollbackStyle = .sharedRevert, windows: WindowRules = WindowRules(),
        parallel: Int = 4, arrival: [String: ArrivalProof] = [:],
        _ body: @Sendable (ReleaseWorld) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory("release") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/\(project).git")
            let first = try await repository.push(
                ["Puppetfile": .text(Puppetfile().text), "data/common.yaml": "---\nntp::servers:\n  - 192.0.2.1\n"],
                to: "production", message: "control repo: initial state")
            let mirror = try await GitMirror.open(repository.path)
            for branch in ["uat"] + zones {
                try await mirror.update([ReferenceUpdate(try .branch(branch), from: nil, to: first)])
            }
            let forge = LocalForge(
                name: "local", folder: folder, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Date(timeIntervalSince1970: 1_739_300_000) })
            try await withStore(connections: 4) { store in
                let world = ReleaseWorld(
                    store: store, forge: forge, mirror: mirror,
                    rules: ControlRepositorySpec(
                        forge: "local", project: project, stages: ["uat", "production"],
                        zones: ZoneSelection(patterns: ["zone*"]), parallelMerges: parallel, rollback: rollback,
                        windows: windows, arrival: arrival),
                    time: NIOLockedValueBox(Date(timeIntervalSince1970: 1_739_260_800)),
                    interference: NIOLockedValueBox([:]))
                try await body(world)
            }
        }
    }

    func controlRepository(named name: String) -> ControlRepository? {
        isDesired && name == Self.name
            ? ControlRepository(name: name, spec: rules, forge: InterferingForge(base: forge, world: self)) : nil
    }

    func mirror(of repository: ControlRepository) -> GitMirror { mirror }

    func isSource(_ branch: String, of repository: ControlRepository, beside release: String) -> Bool {
        sharedSources.contains(branch)
    }

    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to repository: ControlRepository) async throws {
        try await mirror.update(updates)
    }

    /// An engine; each has its own worker's name, as each process has.
    func engine(failpoints: any Failpoints = NoFailpoints(), worker: String = "one") -> Engine {
        var configuration = EngineConfiguration.patient(worker: worker)
        configuration.retry = RetryPolicy(base: .zero, cap: .zero)
        let time = time
        return Engine(
            store: store,
            reconcilers: [
                ReleaseReconciler(
                    directory: self, pins: { [pins] _ in pins }, checks: checks, records: records,
                    pinHistory: pinHistory, now: { time.withLockedValue(\.self) },
                    pause: { [pauses] _ in pauses.withLockedValue { $0 += 1 } })
            ],
            configuration: configuration, failpoints: failpoints, randomness: Randomness { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// The clock, the moment, and what was recorded.
extension ReleaseWorld {
    /// The same world with other checks.
    func checking(_ checks: ControlChecks) -> ReleaseWorld {
        let checked = ControlRepositorySpec(
            forge: rules.forge, project: rules.project, stages: rules.stages, zones: rules.zones, checks: checks,
            rollback: rules.rollback, windows: rules.windows)
        return ReleaseWorld(
            store: store, forge: forge, mirror: mirror, rules: checked, time: time, interference: interference)
    }

    var now: Date { time.withLockedValue(\.self) }

    func set(clock: Date) { time.withLockedValue { $0 = clock } }

    /// Has something happen just before the next merge into a branch, or before it is deleted.
    func interfere(on branch: String, _ act: @escaping @Sendable () async throws -> Void) {
        interference.withLockedValue { $0[branch] = act }
    }

    /// Has the next merges into a branch, or the next tries to delete it, be refused; tells how many were.
    func refuse(on branch: String, times: Int, with error: SluiceError) -> NIOLockedValueBox<Int> {
        let tries = NIOLockedValueBox(0)
        @Sendable func refuse() throws {
            let count = tries.withLockedValue { tries in
                tries += 1
                return tries
            }
            if count < times { interfere(on: branch) { try refuse() } }
            throw error
        }
        interfere(on: branch) { try refuse() }
        return tries
    }

    /// How many events of a reason there were.
    func events(_ reason: String) async throws -> Int {
        try await store.events.list().elements.count { $0.reason == reason }
    }

    /// How many tasks of a kind the history has.
    func count(of action: String) async throws -> Int {
        try await store.history.tasks().elements.count { $0.planned.action == action }
    }
}

/// What people want.
extension ReleaseWorld {
    /// A release that is approved as its source stands now.
    func spec(
        _ source: String, to target: ReleaseTarget, batches: [[String]],
        change: (inout ReleaseRequest) -> Void = { _ in }
    ) async throws -> ReleaseSpec {
        var request = ReleaseRequest(target: target)
        if let commit = try await mirror.resolve(try .branch(source)) {
            request.approvals = [
                ReleaseApproval(by: Self.approver, tree: try await mirror.commit(commit).tree.hex)
            ]
        }
        change(&request)
        return ReleaseSpec(
            repository: Self.name, source: source, title: "Release \(source)",
            batches: batches.map { ReleaseBatch(zones: $0) }, window: request.window, operators: ["bob", "carol"],
            approvals: request.approvals, accepted: request.accepted, target: request.target,
            requestedBy: request.requestedBy, attempt: request.attempt, emergency: request.emergency)
    }

    /// Wants a release, and has the controller work until nothing is due.
    @discardableResult
    func want(
        _ name: String, _ spec: ReleaseSpec, failpoints: any Failpoints = NoFailpoints(), worker: String = "one"
    ) async throws -> ReleaseStatus {
        let key = ReleaseName(repository: Self.name, release: name).key
        try await store.resources.store([DesiredResource(key, spec: ResourceSpec.release(spec).json)])
        try await store.queue.enqueue(EnqueueRequest(key, lane: .observe, reason: "test"))
        try await engine(failpoints: failpoints, worker: worker).drain(limit: 200)
        return try await status(name)
    }

    /// Wants a branch released all the way, or as far as said, with the tree it has now approved.
    @discardableResult
    func release(
        _ source: String, to target: ReleaseTarget = .complete, batches: [[String]],
        change: (inout ReleaseRequest) -> Void = { _ in }
    ) async throws -> ReleaseStatus {
        try await want(
            source.label, try await spec(source, to: target, batches: batches, change: change))
    }

    /// Has a release taken out of what is desired, and the controller take its leave of it.
    func forget(_ name: String, worker: String = "one") async throws {
        let key = ReleaseName(repository: Self.name, release: name.label).key
        try await store.resources.requestDeletion(of: [key])
        try await store.queue.enqueue(EnqueueRequest(key, lane: .observe, reason: "test"))
        try await engine(worker: worker).drain(limit: 200)
    }

    /// Whether the controller knows a release.
    func isKnown(_ name: String) async throws -> Bool {
        try await store.resources.get(ReleaseName(repository: Self.name, release: name.label).key) != nil
    }

    /// What the controller says of a release.
    func status(_ name: String) async throws -> ReleaseStatus {
        let stored = try await store.resources.get(ReleaseName(repository: Self.name, release: name.label).key)
        return try #require(ReleaseStatus(stored?.status), "\(String(describing: stored))")
    }

    /// Why a release does not go on, by the reason of its condition; nil when it does.
    func stall(_ name: String) async throws -> String? {
        let stored = try await store.resources.get(ReleaseName(repository: Self.name, release: name.label).key)
        guard let condition = stored?.conditions[.stalled], condition.status == .true else { return nil }
        return condition.reason
    }

    /// Why it is ready, by one word; nil when it is not.
    func reason(_ name: String) async throws -> String? {
        let stored = try await store.resources.get(ReleaseName(repository: Self.name, release: name.label).key)
        guard let condition = stored?.conditions[.ready], condition.status == .true else { return nil }
        return condition.reason
    }

    func message(_ name: String) async throws -> String {
        let stored = try await store.resources.get(ReleaseName(repository: Self.name, release: name.label).key)
        return stored?.conditions[.ready]?.message ?? ""
    }
}

/// What a release asks for beside its branches.
struct ReleaseRequest {
    var target: ReleaseTarget
    var window: ReleaseWindow?
    var approvals: [ReleaseApproval] = []
    var accepted: [AcceptedResult] = []
    var requestedBy: String? = "bob"
    var attempt = 0
    var emergency: ReleaseEmergency?
}

/// What people do to branches without Sluice.
extension ReleaseWorld {
    func head(_ branch: String) async throws -> ObjectID {
        try #require(try await mirror.resolve(try .branch(branch)), "there is no branch \(branch)")
    }

    func tree(_ branch: String) async throws -> ObjectID { try await mirror.commit(try await head(branch)).tree }

    /// Commits files on a branch; one that does not exist is made where `base` stands.
    @discardableResult
    func commit(
        _ files: [String: String?], on branch: String, from base: String? = nil, message: String = "Change"
    ) async throws -> ObjectID {
        let reference = try RefName.branch(branch)
        let old = try await mirror.resolve(reference)
        let parent: ObjectID = if let old { old } else { try await head(base ?? "uat") }
        let tree = try await mirror.makeTree(
            try await mirror.commit(parent).tree, changing: files.mapValues { $0.map { Array($0.utf8) } })
        let commit = try await mirror.makeCommit(
            tree: tree, parents: [parent], message: message, by: try await person())
        try await mirror.update([ReferenceUpdate(reference, from: old, to: commit)])
        return commit
    }

    /// Sets a pin by a commit on a branch.
    @discardableResult
    func pin(
        _ module: String, to version: String, on branch: String, from base: String? = nil, message: String = "Pin"
    ) async throws -> ObjectID {
        let reference = try RefName.branch(branch)
        let start: ObjectID =
            if let old = try await mirror.resolve(reference) { old } else { try await head(base ?? "uat") }
        var file = try await puppetfile(at: start)
        file.pins[module] = version
        return try await commit(["Puppetfile": file.text], on: branch, from: base, message: message)
    }

    /// The pins of a branch, by module.
    func pins(_ branch: String) async throws -> [String: String] {
        try await puppetfile(at: try await head(branch)).pins
    }

    private func puppetfile(at commit: ObjectID) async throws -> Puppetfile {
        let file = try await mirror.files(in: commit, under: ["Puppetfile"]).first
        return Puppetfile(reading: file?.bytes ?? [])
    }

    /// Merges a commit into a branch by hand.
    @discardableResult
    func merge(_ commit: ObjectID, into branch: String, tree: ObjectID? = nil) async throws -> ObjectID {
        let ours = try await head(branch)
        let author = try await person()
        let merge =
            if let tree {
                try await mirror.makeCommit(
                    tree: tree, parents: [ours, commit], message: "Merge into '\(branch)'", by: author)
            } else {
                try await mirror.mergeCommit(of: ours, with: commit, message: "Merge into '\(branch)'", by: author)
            }
        try await mirror.update([ReferenceUpdate(try .branch(branch), from: ours, to: merge)])
        return merge
    }

    /// Reverts a commit on a branch by hand.
    @discardableResult
    func revert(_ commit: ObjectID, mainline: Int? = nil, on branch: String) async throws -> ObjectID {
        let head = try await head(branch)
        let files = try await mirror.speculate { trial in
            let result = try trial.revert(commit, mainline: mainline, on: head)
            guard case .reverted(let tree) = result else { throw CannotRevert(result: "\(result)") }
            return try trial.file(at: "Puppetfile", inTree: tree)
        }
        let text = files.map { String(decoding: $0, as: UTF8.self) }
        return try await self.commit(
            ["Puppetfile": text], on: branch, message: "Revert\n\nThis reverts commit \(commit).")
    }

    struct CannotRevert: Error { let result: String }

    func delete(_ branch: String) async throws {
        try await mirror.update([ReferenceUpdate(try .branch(branch), from: try await head(branch), to: nil)])
    }

    /// Moves a branch wherever somebody forces it to.
    func force(_ branch: String, to commit: ObjectID) async throws {
        let reference = try RefName.branch(branch)
        try await mirror.update([ReferenceUpdate(reference, from: try await mirror.resolve(reference), to: commit)])
    }

    /// The branches that are nobody's any more.
    func strays() async throws -> [String] {
        try await mirror.references(under: "refs/heads/").targets.keys.compactMap(\.branchName).filter { branch in
            branch.hasPrefix("candidate/") || ["promo_", "revert_", "sync_"].contains { branch.hasPrefix($0) }
        }.sorted()
    }

    private func person() async throws -> GitSignature {
        let now = time.withLockedValue { time in
            time += 60
            return time
        }
        return GitSignature(name: "ctl", email: "ctl@example.invalid", date: now)
    }
}

extension String {
    /// A branch's name as the name of a release.
    var label: String { lowercased().replacing("_", with: "-") }
}
