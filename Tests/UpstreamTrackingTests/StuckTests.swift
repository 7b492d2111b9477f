import DesiredState
import Diagnostics
import Forges
import GitClient
import Logging
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("An upstream that does not go on")
struct StuckTests {
    private static let beginning = "> **Sluice does not go on here:** "

    @Test("the open merge request says why nothing goes on, and says it no more once it does")
    func rewritten() async throws {
        try await UpstreamWorld.with { world in
            let begin = try ObjectID(try await world.upstreamRepository.git("rev-parse", "main"))
            try await world.commit([3: "three"], "Say three @ada")
            try await world.look()
            try await world.commit([3: "three", 9: "nine"], "Say nine")
            try await world.look()
            let text = try #require(try await world.request()).body
            try await world.upstreamRepository.push(
                ["main.c": UpstreamWorld.text([25: "x"])], to: "main", from: begin, message: "Say x")
            for _ in 0..<2 { try await world.look() }
            #expect(try await world.condition(.stalled).reason == "UpstreamRewritten")
            let told = try #require(try await world.request()).body
            #expect(told.hasPrefix("\(Self.beginning)upstream was moved by force: 1 commit is gone"))
            #expect(told.hasSuffix(text) && !told.contains("@ada"))
            #expect(try await world.status().behind == nil, "nobody knows")

            world.spec.withLockedValue { spec in
                spec = UpstreamSpec(
                    source: spec.source, package: spec.package, patches: spec.patches, rewritten: .follow)
            }
            try await world.look()
            let after = try #require(try await world.request())
            #expect(after.title == "tool: Say x" && !after.body.contains(Self.beginning))
            #expect(try await world.status().behind == 1)
        }
    }

    @Test("an upstream that lets us in no more is told on the open merge request, as far behind as it was last seen")
    func denied() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            let text = try #require(try await world.request()).body
            for _ in 0..<2 {
                try await world.store.queue.enqueue(EnqueueRequest(UpstreamWorld.key, lane: .observe, reason: "test"))
                try await world.engine(
                    failpoints: NoFailpoints(), worker: "two", directory: DeniedUpstream(world: world)
                )
                .drain(limit: 50)
                #expect(try await world.condition(.stalled).reason == "GitAccessDenied")
                #expect(
                    try await world.request()?.body
                        == "\(Self.beginning)the git server denies access; until the token is renewed\n\n\(text)")
                #expect(try await world.status().behind == 1)
                #expect(try await world.status().patches.count == 1)
            }
            try await world.look()
            #expect(try await world.request()?.body == text)
            #expect(try await world.status().warned == nil)
        }
    }

    @Test("a notice is put above a text, changed and taken away without a trace")
    func notice() {
        let text = "First\n\nSecond"
        let once = StuckNotice.text(text, saying: StuckNotice.line("it is *lost*"))
        #expect(once == "\(Self.beginning)it is \\*\u{2060}lost\\*\n\nFirst\n\nSecond")
        #expect(StuckNotice.text(once, saying: "b") == "\(Self.beginning)b\n\nFirst\n\nSecond")
        #expect(StuckNotice.text(once, saying: nil) == text)
        #expect(StuckNotice.text(once.replacing("\n", with: "\r\n"), saying: nil) == "First\r\n\r\nSecond")
        #expect(StuckNotice.text("", saying: nil).isEmpty)
    }
}

/// A world in which upstream's host does not let us in.
private struct DeniedUpstream: UpstreamDirectory {
    let world: UpstreamWorld

    func tracking(named name: String) -> Tracking? { world.tracking(named: name) }
    func tracking(named name: String, as spec: UpstreamSpec) -> Tracking? { world.tracking(named: name, as: spec) }
    func upstream(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        throw SluiceError(
            "git.access-denied", .stalled, "the git server denies access", hint: "the token is renewed")
    }
    func package(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        try await world.package(of: tracking, age: age)
    }
    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to tracking: Tracking) async throws {
        try await world.push(updates, from: mirror, to: tracking)
    }
}
