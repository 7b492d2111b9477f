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

/// What broke with patch-tracking, by the numbers of the study of it (1.7.1 to 1.7.13), shown not to happen here.
///
/// Of these 1.7.3, 1.7.6, 1.7.7, 1.7.11 and 1.7.12 are proved by tests in other files that carry the number in their names.
@Suite("What broke before")
struct OldBreakagesTests {
    /// A clone of upstream at a commit, with the patches of the package's branch applied by the real `git am`: its tree.
    private func applied(
        _ world: UpstreamWorld, at commit: ObjectID, keepsCarriageReturns: Bool = false
    ) async throws -> String {
        try await withTemporaryDirectory("am") { folder in
            let upstream = world.upstreamRepository
            try await upstream.run(["clone", "--quiet", "--no-checkout", upstream.path, "\(folder)/work"])
            func git(_ arguments: String...) async throws -> String {
                try await upstream.run(["-C", "\(folder)/work"] + arguments)
            }
            _ = try await git("checkout", "--quiet", "--detach", commit.hex)
            let package = try await GitMirror.open(world.packageRepository.path)
            let head = try #require(try await package.resolve(try .branch(UpstreamWorld.branch)))
            let patches = try await package.speculate { trial in
                try trial.entries(inTree: try trial.tree(of: head)).filter { $0.path.hasSuffix(".patch") }.map {
                    ($0.path, try trial.blob($0.id, limit: 1 << 20))
                }
            }
            for (index, patch) in patches.sorted(by: { $0.0 < $1.0 }).enumerated() {
                let file = "\(folder)/\(index).patch"
                try Data(patch.1).write(to: URL(filePath: file))
                _ = try await git("am", "--quiet", keepsCarriageReturns ? "--keep-cr" : "--no-keep-cr", file)
            }
            return try await git("rev-parse", "HEAD^{tree}")
        }
    }

    private func tree(_ world: UpstreamWorld) async throws -> String {
        try await world.upstreamRepository.git("rev-parse", "main^{tree}")
    }

    @Test("1.7.1 patches go forwards, are whole to their last line, and git am takes them")
    func direction() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let cursor = try #require(try await world.status().cursor)
            try await world.commit([3: "three"], "One")
            try await world.commit([3: "three", 9: "nine"], "Two")
            try await world.look()
            let wanted = try await tree(world)
            #expect(try await applied(world, at: cursor) == wanted)
        }
    }

    @Test("1.7.2 a commit without a change holds nothing up")
    func empty() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let cursor = try #require(try await world.status().cursor)
            try await world.commit([3: "three"], "One")
            try await world.upstreamRepository.push([:], to: "main", message: "Nothing")
            try await world.commit([3: "three", 9: "nine"], "Two")
            try await world.look()
            let status = try await world.status()
            #expect(status.behind == 3 && status.patches.count == 2)
            let wanted = try await tree(world)
            #expect(try await applied(world, at: cursor) == wanted)
            try await world.merge()
            try await world.look()
            #expect(try await world.status().behind == 0)
        }
    }

    @Test("1.7.4 what a merge brings from before the cursor is in the merge's own patch, named")
    func merges() async throws {
        try await UpstreamWorld.with { world in
            let begin = try ObjectID(try await world.upstreamRepository.git("rev-parse", "main"))
            let side = try await world.upstreamRepository.commit(
                ["side.c": "aside\n"], on: "side", from: begin, message: "Aside")
            try await world.commit([3: "three"], "One")
            try await world.look()
            let cursor = try #require(try await world.status().cursor)
            try await world.upstreamRepository.merge(side)
            try await world.look()
            let rows = try await world.status().patches
            #expect(rows.count == 1 && rows.first?.brought == 1)
            let page = "https://git.example.org/tool/commit"
            #expect(
                try await world.request()?.body.contains("- [\(side.abbreviated)](\(page)/\(side)) Aside") == true,
                "each commit is named and linked")
            let wanted = try await tree(world)
            #expect(try await applied(world, at: cursor) == wanted)
        }
    }

    @Test("1.7.5 text in any encoding and binary files go along, and no scan leaves a branch behind")
    func encodings() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let cursor = try #require(try await world.status().cursor)
            try await world.upstreamRepository.push(
                [
                    "latin1.txt": .bytes([0x67, 0x72, 0xFC, 0xDF, 0x65, 0x0A]),
                    "picture": .bytes([0, 1, 2, 0xFF, 0x0A]),
                ],
                to: "main", message: "Bytes")
            for _ in 0..<3 { try await world.look() }
            #expect(try await world.branches().sorted() == ["master", UpstreamWorld.branch])
            let wanted = try await tree(world)
            #expect(try await applied(world, at: cursor) == wanted)
        }
    }

    @Test("1.7.8 an upstream that cannot be reached keeps no other from its first look")
    func firstLooks() async throws {
        try await UpstreamWorld.with { world in
            let broken = ResourceKey(kind: ResourceKind.upstream.rawValue, name: "broken")
            try await world.store.resources.store([
                DesiredResource(broken, spec: ResourceSpec.upstream(world.spec.withLockedValue(\.self)).json)
            ])
            try await world.store.queue.enqueue(EnqueueRequest(broken, lane: .observe, reason: "test"))
            try await look(in: world, UnreachableUpstream(world: world, name: "broken"))
            #expect(try await world.status().cursor != nil)
            let stored = try #require(try await world.store.resources.get(broken))
            #expect(stored.conditions[.ready]?.reason == "GitHostUnreachable")
        }
    }

    @Test("1.7.9 a fetch that fails moves no cursor, is said, and is tried again later, not at once")
    func failedFetch() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let cursor = try await world.status().cursor
            let last = try await world.commit([3: "three"], "One")
            let unreachable = UnreachableUpstream(world: world, name: UpstreamWorld.name)
            try await world.store.queue.enqueue(EnqueueRequest(UpstreamWorld.key, lane: .observe, reason: "test"))
            try await look(in: world, unreachable)
            #expect(unreachable.attempts.withLockedValue(\.self) == 1, "the host asked to wait")
            #expect(try await world.status().cursor == cursor)
            #expect(try await world.condition().reason == "GitHostUnreachable")
            let next = try #require(try await world.store.resources.get(UpstreamWorld.key)?.nextLook)
            #expect(next > Date().addingTimeInterval(60), "as long as it asked for")
            try await world.look()
            let status = try await world.status()
            #expect(status.head == last && status.behind == 1)
        }
    }

    @Test("1.7.10 repositories with names alike are told apart")
    func names() {
        let names = ["digit.git", "tig", "d", "it", "g.git"].map { repo in
            TrackingItem(
                versionControl: "git", scmRepo: "https://h/\(repo)", scmBranch: "main", repo: "org/\(repo)",
                branch: "master", enabled: true
            ).name()
        }
        #expect(names == ["digit", "tig", "d", "it", "g"])
    }

    @Test("1.7.13 a branch that upstream does not have is said on the resource, with what to do")
    func unknownBranch() async throws {
        try await UpstreamWorld.with({
            $0.changing(UpstreamSource(place: $0.source.place, branch: "no-such-branch"))
        }) { world in
            try await world.look()
            let stalled = try await world.condition(.stalled)
            #expect(stalled.reason == "UpstreamBranchMissing" && stalled.message.contains("no-such-branch"))
        }
    }

    /// One drain by an engine that waits as long as it is asked to.
    private func look(in world: UpstreamWorld, _ directory: UnreachableUpstream) async throws {
        if directory.name != UpstreamWorld.name {
            let spec = ResourceSpec.upstream(world.spec.withLockedValue(\.self)).json
            try await world.store.resources.store([DesiredResource(UpstreamWorld.key, spec: spec)])
            try await world.store.queue.enqueue(EnqueueRequest(UpstreamWorld.key, lane: .observe, reason: "test"))
        }
        let engine = Engine(
            store: world.store, reconcilers: [UpstreamReconciler(directory: directory, store: world.store)],
            configuration: EngineConfiguration(worker: "patient", leaseDuration: .seconds(3600)),
            failpoints: NoFailpoints(), randomness: Randomness { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await engine.drain(limit: 50)
    }
}

/// A world in which one upstream cannot be fetched: its host asks to wait.
private struct UnreachableUpstream: UpstreamDirectory {
    let world: UpstreamWorld
    let name: String
    let attempts = NIOLockedValueBox(0)

    func tracking(named name: String) -> Tracking? {
        name == self.name
            ? world.tracking(named: name, as: world.spec.withLockedValue(\.self)) : world.tracking(named: name)
    }

    func tracking(named name: String, as spec: UpstreamSpec) -> Tracking? { world.tracking(named: name, as: spec) }

    func upstream(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        guard tracking.name == name else { return try await world.upstream(of: tracking, age: age) }
        attempts.withLockedValue { $0 += 1 }
        throw SluiceError(
            "git.host-unreachable", .transient, "upstream does not answer", retryAfter: .seconds(300))
    }

    func package(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        try await world.package(of: tracking, age: age)
    }

    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to tracking: Tracking) async throws {
        try await world.push(updates, from: mirror, to: tracking)
    }
}
