import DesiredState
import Diagnostics
import Forges
import GitClient
import NIOConcurrencyHelpers
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import ConfigRepository

@Suite("Candidates of a config repository")
struct CandidateJudgingTests {
    private func propose(_ count: Int, in world: ConfigWorld) async throws -> [ObjectID] {
        let main = try ObjectID(try await world.repository.author("rev-parse", "refs/heads/main"))
        var heads: [ObjectID] = []
        for number in 1...count {
            heads.append(
                try await world.push(
                    ["water-\(number).yaml": ConfigWorld.registry("water-\(number)")], to: "candidate/\(number)",
                    from: main))
        }
        return heads
    }

    @Test("B-02: what was read of candidates is not read again, and of too many the latest are judged")
    func limited() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let heads = try await propose(3, in: world)
            let source = WatchedSource(base: try world.source())
            let reconciler = try world.reconciler(policy: ConfigurationPolicy(candidateLimit: 2), source: source)
            try await world.pass(reconciler)
            #expect(source.read.withLockedValue { $0 } == ["2", "3"])
            #expect(try await world.verdict("1", at: heads[0]) == nil)
            #expect(try await world.verdict("3", at: heads[2])?.verdict == .success)
            #expect(
                try await world.said()?.message.hasSuffix(
                    "; 1 of 3 open candidates are not judged: there are too many") == true)
            try await world.pass(reconciler)
            #expect(source.read.withLockedValue { $0.count } == 2)
            // The files after a merge are others once the branch has moved.
            try await world.push(["land.yaml": ConfigWorld.registry("land", spec: "interval: 5m")])
            try await world.pass(reconciler)
            #expect(source.read.withLockedValue { $0 } == ["2", "3", "2", "3"])
        }
    }

    @Test(
        "F-08: a verdict that was not written, because the candidate seemed to have gone on, is written at the next look"
    )
    func moved() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let head = try await propose(1, in: world)[0]
            let source = WatchedSource(base: try world.source())
            source.firstOutcome.withLockedValue { $0 = .revisionMoved }
            let reconciler = try world.reconciler(source: source)
            try await world.pass(reconciler)
            #expect(try await world.verdict("1", at: head) == nil)
            try await world.pass(reconciler)
            #expect(try await world.verdict("1", at: head)?.verdict == .success)
        }
    }

    @Test("A registry on the config repository's own branch is refused: its candidates have one verdict")
    func ownBranch() async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            let registry = ConfigWorld.registry("config").replacing(
                "server: main", with: "server: main\n  branch: main")
            let forge = ConfigWorld.forge.replacing("/srv/git", with: "\(world.directory)/git")
            try await world.push(["own.yaml": registry, "forge.yaml": forge])
            try await world.look()
            let said = try #require(try await world.said())
            #expect(said.reason == "Refused")
            #expect(said.message.contains("are judged by desired state itself already"))
        }
    }

    @Test("A person's word that comes while a pass is under way is not used up by it", arguments: [false, true])
    func newerWord(_ isUsed: Bool) async throws {
        try await ConfigWorld.with { world in
            try await world.look()
            if isUsed { try await world.push(["land.yaml": ConfigWorld.registry("land", spec: "interval: 5m")]) }
            try await ConfigurationConfirmation(deletions: 3).leave(in: world.store)
            var source = WatchedSource(base: try world.source())
            source.whileListing = {
                try await ConfigurationConfirmation(deletions: 7).leave(in: world.store)
            }
            let reconciler = try world.reconciler(source: source)
            let request = ReconcileRequest(key: ConfigWorld.key)
            let sight = try #require(try await reconciler.observe(request))
            #expect(try await world.store.resources.get(Configuration.confirmation)?.spec["deletions"] == 7)
            if isUsed {
                let action = try #require(reconciler.plan(sight, for: request).actions.first)
                let error = await #expect(throws: SluiceError.self) {
                    try await reconciler.bringIntoForce(action, sight)
                }
                #expect(error?.code == "configuration.moved")
            } else {
                try await reconciler.takeBack(sight)
            }
            #expect(try await world.store.resources.get(Configuration.confirmation)?.spec["deletions"] == 7)
        }
    }
}
