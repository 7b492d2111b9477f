import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import Logging
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("Taking an upstream out")
struct RemovalTests {
    @Test("what is ours is closed and deleted, and the same upstream can come back")
    func closed() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"])
            try await world.look()
            world.isDesired.withLockedValue { $0 = false }
            try await world.look()
            #expect(try await world.request() == nil)
            #expect(try await world.branches() == ["master"])
            #expect(try await world.issues().map(\.state) == [.closed])
            #expect(try await world.store.resources.get(UpstreamWorld.key) == nil)

            world.isDesired.withLockedValue { $0 = true }
            let last = try await world.upstreamRepository.git("rev-parse", "main")
            try await world.look()
            #expect(try await world.status().cursor?.hex == last, "it begins anew")
        }
    }

    @Test("commits that people put on the branch keep it, and that is said")
    func people() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"])
            try await world.look()
            try await world.packageRepository.author("fetch", "-q", "origin", UpstreamWorld.branch)
            let ours = try ObjectID(try await world.packageRepository.author("rev-parse", "FETCH_HEAD"))
            try await world.packageRepository.push(
                ["notes": "a person's\n"], to: UpstreamWorld.branch, from: ours, message: "By hand")
            try await world.look()
            world.isDesired.withLockedValue { $0 = false }
            try await world.look()
            #expect(try await world.request() != nil)
            #expect(try await world.branches().contains(UpstreamWorld.branch))
            #expect(try await world.issues().map(\.state) == [.open])
            let event = try await world.store.events.list(of: UpstreamWorld.key).elements.first {
                $0.reason == "LeftBehind"
            }
            #expect(event?.message.contains("people have put commits on the branch") == true)
        }
    }

    @Test(
        "when its code host lets nobody in, it waits until that is mended, and leaves what is there only when nobody can be asked",
        arguments: [("git.access-denied", false), ("forge.access-denied", false), ("forge.project-missing", true)]
            as [(SluiceError.Code, Bool)])
    func deniedAccess(_ code: SluiceError.Code, _ isAbandoned: Bool) async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"])
            try await world.look()
            world.isDesired.withLockedValue { $0 = false }
            try await world.store.resources.requestDeletion(of: [UpstreamWorld.key])
            try await world.store.queue.enqueue(EnqueueRequest(UpstreamWorld.key, lane: .observe, reason: "test"))
            let directory = ClosedPackage(world: world, code: code)
            let engine = Engine(
                store: world.store, reconcilers: [UpstreamReconciler(directory: directory, store: world.store)],
                configuration: EngineConfiguration(worker: "denied", leaseDuration: .seconds(3600)),
                failpoints: NoFailpoints(), randomness: Randomness { 0 },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await engine.drain(limit: 50)
            #expect(try await world.request() != nil)
            guard !isAbandoned else {
                #expect(try await world.store.resources.get(UpstreamWorld.key) == nil)
                return
            }
            #expect(try await world.condition(.stalled).message.contains("closed to us"))
            try await world.look()
            #expect(try await world.request() == nil)
            #expect(try await world.branches() == ["master"])
            #expect(try await world.store.resources.get(UpstreamWorld.key) == nil)
        }
    }

    @Test("with removal: leave, everything stays as it is, and that is said")
    func left() async throws {
        try await UpstreamWorld.with({
            UpstreamSpec(source: $0.source, package: $0.package, patches: $0.patches, removal: .leave)
        }) { world in
            try await world.look()
            try await world.commit([3: "three"])
            try await world.look()
            world.isDesired.withLockedValue { $0 = false }
            try await world.look()
            #expect(try await world.request() != nil)
            #expect(try await world.store.resources.get(UpstreamWorld.key) == nil)
            let events = try await world.store.events.list(of: UpstreamWorld.key).elements
            #expect(events.contains { $0.message.contains("left as spec.removal says") })
        }
    }

    @Test("for another branch of the package, what was proposed for the former one is closed, and the cursor stays")
    func elsewhere() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let cursor = try await world.status().cursor
            try await world.commit([3: "three"])
            try await world.look()
            let first = try #require(try await world.request())
            try await world.packageRepository.git("branch", "next", "master")
            world.spec.withLockedValue { $0 = $0.changing(package: "packages/tool", branch: "next") }
            try await world.look()
            #expect(try await world.request() == nil, "no merge request is left where nobody looks any more")
            let project = try #require(UpstreamWorld.project)
            let requests = try await world.forge.openMergeRequests(
                from: try .branch(UpstreamWorld.branch), into: try .branch("next"), project: project)
            #expect(requests.count == 1 && requests.first?.id != first.id)
            #expect(try await world.issues().map(\.state) == [.open])
            #expect(try await world.status().cursor == cursor)
            #expect(try await world.status().request == requests.first?.id.rawValue)
        }
    }

    @Test("in another project, a merge request of the same number is a stranger's: it moves no cursor")
    func otherProject() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let cursor = try await world.status().cursor
            try await world.commit([3: "three"])
            try await world.look()
            let id = try #require(try await world.request()).id
            let candidate = try #require(
                try await world.packageRepository.git("for-each-ref", "--format=%(refname)", "refs/heads/candidate")
                    .split(separator: "\n").first.map(String.init))
            let other = try await ScriptedRepository.create(
                at: world.packageRepository.path.replacing("packages/tool.git", with: "packages/other.git"))
            try await other.push(["main.c": UpstreamWorld.text()], to: "master", message: "Package")
            try await other.git("symbolic-ref", "HEAD", "refs/heads/master")
            try await other.git("update-ref", candidate, "refs/heads/master")
            let project = try ProjectRef("packages/other")
            let theirs = try await world.forge.mergeRequest(id, project: project)
            #expect(theirs?.isOurs == false && theirs?.state == .merged(as: nil), "what must not be taken for ours")
            world.spec.withLockedValue { $0 = $0.changing(package: "packages/other", branch: "master") }
            try await world.look()
            #expect(try await world.status().cursor == cursor)
            #expect(try await world.request() == nil)
            #expect(try await world.branches() == ["master"])
        }
    }

    @Test("a merge request takes no more patches than it may, and the next one takes the rest")
    func parts() async throws {
        try await UpstreamWorld.with({
            UpstreamSpec(source: $0.source, package: $0.package, patches: $0.patches, maximumPatches: 2)
        }) { world in
            try await world.look()
            try await world.commit([3: "three"], "One")
            let second = try await world.commit([3: "three", 9: "nine"], "Two")
            let third = try await world.commit([3: "three", 9: "nine", 20: "x"], "Three")
            try await world.look()
            let request = try #require(try await world.request())
            #expect(request.title == "tool: 2 patches of upstream's main, up to Two")
            #expect(request.body.contains("Upstream has 1 more commit than one merge request takes"))
            #expect(try await world.status().remaining == 1)
            #expect(try await world.condition().message.contains("1 more come with later merge requests"))
            #expect(try await world.status().behind == 3)
            try await world.merge()
            try await world.look()
            #expect(try await world.status().cursor == second)
            #expect(try await world.request()?.title == "tool: Three")
            try await world.merge()
            try await world.look()
            #expect(try await world.status().cursor == third)
        }
    }

    @Test("with maxPatches, a package that is thousands of commits behind catches up part by part")
    func farBehind() async throws {
        try await UpstreamWorld.with({
            UpstreamSpec(source: $0.source, package: $0.package, patches: $0.patches, maximumPatches: 1)
        }) { world in
            try await world.look()
            let first = try await world.commit([3: "three"], "One")
            let second = try await world.commit([3: "three", 9: "nine"], "Two")
            let mirror = try await GitMirror.open(world.upstreamRepository.path)
            let last = try await mirror.make { trial in
                let tree = try trial.tree(of: second)
                return try (0..<5_001).reduce(second) { parent, _ in
                    try trial.makeCommit(
                        tree: tree, parents: [parent], message: "Nothing\n",
                        by: .sluice(at: Date(timeIntervalSince1970: 1_739_300_000)))
                }
            }
            try await mirror.update([ReferenceUpdate(try .branch("main"), from: second, to: last)])
            try await world.look()
            #expect(try await world.request()?.title == "tool: One")
            try await world.merge()
            try await world.look()
            #expect(try await world.status().cursor == first)
        }
    }

    @Test("patches can be called by their commit alone")
    func naming() async throws {
        try await UpstreamWorld.with({
            UpstreamSpec(
                source: $0.source, package: $0.package, patches: PatchPlacement(folder: "patches", naming: .commit))
        }) { world in
            try await world.look()
            let commit = try await world.commit([3: "three"])
            try await world.look()
            #expect(
                try await world.packageRepository.git("ls-tree", "--name-only", "\(UpstreamWorld.branch):patches")
                    == "\(commit).patch")
        }
    }
}

/// A world in which the package's repository cannot be read.
private struct ClosedPackage: UpstreamDirectory {
    let world: UpstreamWorld
    let code: SluiceError.Code

    func tracking(named name: String) -> Tracking? { world.tracking(named: name) }

    func tracking(named name: String, as spec: UpstreamSpec) -> Tracking? { world.tracking(named: name, as: spec) }

    func upstream(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        try await world.upstream(of: tracking, age: age)
    }

    func package(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        throw SluiceError(code, .stalled, "the package is closed to us")
    }

    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to tracking: Tracking) async throws {
        try await world.push(updates, from: mirror, to: tracking)
    }
}
