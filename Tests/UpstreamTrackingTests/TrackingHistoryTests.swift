import DesiredState
import Forges
import Foundation
import GitClient
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("The history of upstreams")
struct TrackingHistoryTests {
    @Test("However often an upstream has been followed, as many of its runs stay: what is done is done to what lasts")
    func forgotten() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            var kept: [Int] = []
            for round in 1...4 {
                try await world.commit([3: "\(round)"], "Round \(round)")
                try await world.look()
                try await world.merge()
                try await world.look()
                let tasks = try await world.store.history.tasks().elements.map(\.planned)
                #expect(
                    Set(tasks.map(\.target)).isSubset(of: ["Upstream/tool", "packages/tool:\(UpstreamWorld.branch)"]))
                _ = try await world.store.history.forget(RetentionPolicy(age: .seconds(-1), newest: 1))
                kept.append(try await world.store.history.runs().elements.count)
            }
            #expect(Set(kept.dropFirst()).count == 1, "\(kept)")
        }
    }

    @Test("What an action was about stands in its details")
    func details() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let commit = try await world.commit([3: "three"], "Say three")
            try await world.look()
            let head = try #require(try await world.request()).head
            try await world.merge()
            try await world.look()
            let tasks = try await world.store.history.tasks().elements.map(\.planned)
            func details(_ action: String) -> JSONValue? { tasks.first { $0.action == "upstream.\(action)" }?.details }
            #expect(details("push")?["commit"] == .string(head.hex))
            #expect(details("tell-request")?["title"] == "tool: Say three")
            #expect(details("delete-branch")?["commit"] == .string(head.hex))
            #expect(details("move-cursor")?["to"] == .string(commit.hex))
        }
    }
}
