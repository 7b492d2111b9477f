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

/// What broke with patch-tracking when it fetched, shown not to happen with fetches by git itself.
@Suite("What broke before, with real fetches")
struct RealFetchTests {
    /// Calls `body` with a world whose upstreams are fetched from where `address` says they are.
    private func with(
        _ address: @escaping @Sendable (_ name: String, UpstreamWorld) -> String,
        _ body:
            @Sendable (UpstreamWorld, _ look: @Sendable (String) async throws -> StoredResource?) async throws -> Void
    ) async throws {
        try await UpstreamWorld.with { world in
            try await withTemporaryDirectory("fetched") { folder in
                let directory = FetchedUpstream(world: world, folder: folder, address: { address($0, world) })
                try await body(world) { name in
                    let key = ResourceKey(kind: ResourceKind.upstream.rawValue, name: name)
                    let spec = world.spec.withLockedValue { $0 }
                    try await world.store.resources.store([
                        DesiredResource(key, spec: ResourceSpec.upstream(spec).json)
                    ])
                    try await world.store.queue.enqueue(EnqueueRequest(key, lane: .observe, reason: "test"))
                    let engine = Engine(
                        store: world.store, reconcilers: [UpstreamReconciler(directory: directory, store: world.store)],
                        configuration: EngineConfiguration(worker: "fetcher", leaseDuration: .seconds(3600)),
                        failpoints: NoFailpoints(), randomness: Randomness { 0 },
                        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                    try await engine.drain(limit: 50)
                    return try await world.store.resources.get(key)
                }
            }
        }
    }

    @Test("1.7.8 an upstream that is nowhere keeps no other from its first look, and says so")
    func firstLooks() async throws {
        try await with({ $0 == "gone" ? "/nonexistent/gone.git" : $1.upstreamRepository.path }) { _, look in
            let gone = try #require(try await look("gone"))
            #expect(gone.conditions[.stalled]?.reason == "GitRepositoryMissing")
            let tool = try #require(try await look(UpstreamWorld.name))
            #expect(TrackingStatus(tool.status)?.cursor != nil)
        }
    }

    @Test("1.7.9 a fetch that git breaks off moves no cursor, and the next one goes on from where it was")
    func failedFetch() async throws {
        try await with({ $1.upstreamRepository.path }) { world, look in
            let before = TrackingStatus(try await look(UpstreamWorld.name)?.status)
            let last = try await world.commit([3: "three"], "One")
            let away = "\(world.upstreamRepository.path).away"
            try FileManager.default.moveItem(atPath: world.upstreamRepository.path, toPath: away)
            let broken = try #require(try await look(UpstreamWorld.name))
            #expect(broken.conditions[.ready]?.status == .false)
            #expect(TrackingStatus(broken.status)?.cursor == before?.cursor)
            try FileManager.default.moveItem(atPath: away, toPath: world.upstreamRepository.path)
            let status = TrackingStatus(try await look(UpstreamWorld.name)?.status)
            #expect(status?.head == last && status?.behind == 1 && status?.cursor == before?.cursor)
        }
    }

    @Test(
        "1.7.13 a branch that upstream does not have, or has no more, is said on the resource, and its coming is seen")
    func unknownBranch() async throws {
        try await with({ $1.upstreamRepository.path }) { world, look in
            world.spec.withLockedValue { spec in
                spec = spec.changing(UpstreamSource(place: spec.source.place, branch: "next"))
            }
            let missing = try #require(try await look(UpstreamWorld.name))
            #expect(missing.conditions[.stalled]?.reason == "UpstreamBranchMissing")
            try await world.upstreamRepository.push(["main.c": UpstreamWorld.text()], to: "next", message: "Next")
            let there = try #require(try await look(UpstreamWorld.name))
            #expect(there.conditions[.ready]?.reason == "UpToDate")
            try await world.upstreamRepository.git("update-ref", "-d", "refs/heads/next")
            let gone = try #require(try await look(UpstreamWorld.name))
            #expect(gone.conditions[.stalled]?.reason == "UpstreamBranchMissing")
            #expect(TrackingStatus(gone.status)?.cursor != nil && TrackingStatus(gone.status)?.behind == nil)
        }
    }
}

/// A world whose upstreams are fetched.
private struct FetchedUpstream: UpstreamDirectory {
    let world: UpstreamWorld
    let folder: String
    let address: @Sendable (String) -> String

    func tracking(named name: String) -> Tracking? { tracking(named: name, as: world.spec.withLockedValue { $0 }) }

    func tracking(named name: String, as spec: UpstreamSpec) -> Tracking? {
        Tracking(name: name, spec: spec, forge: world.forge)
    }

    func upstream(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        let mirror = try await GitMirror.create("\(folder)/\(tracking.name).git")
        let branch = "refs/heads/\(tracking.spec.source.branch)"
        try await GitTransport(allowing: [.file]).fetchPresent(
            into: mirror, from: try GitRemote(path: address(tracking.name)), refspecs: [try RefSpec(branch, to: branch)]
        )
        return mirror
    }

    func package(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        try await world.package(of: tracking, age: age)
    }

    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to tracking: Tracking) async throws {
        try await world.push(updates, from: mirror, to: tracking)
    }
}
