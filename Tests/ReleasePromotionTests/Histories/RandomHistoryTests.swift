import DesiredState
import Foundation
import GitClient
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("Random histories of a control repository")
struct RandomHistoryTests {
    /// How many histories a run lives through; more by `SLUICE_HISTORIES`.
    private static let count = ProcessInfo.processInfo.environment["SLUICE_HISTORIES"].flatMap { UInt64($0) } ?? 2000
    /// The first seed; another one by `SLUICE_HISTORY_SEED`, to live through one history again.
    private static let seed = ProcessInfo.processInfo.environment["SLUICE_HISTORY_SEED"].flatMap { UInt64($0) } ?? 1

    @Test(
        "F-09, F-10, U-09: rehearsal and execution agree on every branch, taking back leaves exactly what others wrote, and nothing is lost without a word"
    )
    func histories() async throws {
        let tally = try await withTemporaryDirectory("histories") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/a.git")
            let root = try await repository.push(["root": "r\n"], to: "main")
            return try await withThrowingTaskGroup(of: [String: Int].self) { group in
                let workers: UInt64 = 2
                for worker in 0..<workers {
                    group.addTask {
                        let mirror = try await GitMirror.open(repository.path)
                        var tally: [String: Int] = [:]
                        for seed in stride(from: Self.seed + worker, to: Self.seed + Self.count, by: Int(workers)) {
                            let lived = try await mirror.speculate { try Self.live(seed, root, $0) }
                            tally.merge(lived, uniquingKeysWith: +)
                        }
                        return tally
                    }
                }
                var tally: [String: Int] = [:]
                for try await part in group { tally.merge(part, uniquingKeysWith: +) }
                return tally
            }
        }
        print("histories: \(tally.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
        for happening in [
            "promo", "revert", "rolled back", "hotfix", "revertByHand", "mergeEvilly", "delete", "setBack",
            "useNameAgain",
        ] {
            #expect(tally[happening, default: 0] > 0 || Self.count < 100, "\(happening) never happened")
        }
    }

    /// How many of them the controller lives through as well; more by `SLUICE_REPLAYS`.
    private static let replays = ProcessInfo.processInfo.environment["SLUICE_REPLAYS"].flatMap { UInt64($0) } ?? 24

    @Test(
        "F-09, U-09: what the plan leaves in memory, the controller leaves on a code host: every branch, after every deed",
        arguments: 0..<4 as Range<UInt64>)
    func replays(worker: UInt64) async throws {
        for seed in stride(from: Self.seed + worker, to: Self.seed + Self.replays, by: 4) {
            try await ReleaseWorld.with(zones: RandomHistory.zones) { try await Self.replay(seed, in: $0) }
        }
    }

    private static func replay(_ seed: UInt64, in plain: ReleaseWorld) async throws {
        let root = try await plain.head("uat")
        let lived = try await plain.mirror.speculate { trial -> RandomHistory.Lived in
            var history = try RandomHistory(trial, root: root, seed: seed)
            try history.live(steps: 12)
            return history.lived
        }
        var world = plain
        world.pins = nil
        world.rules = ControlRepositorySpec(
            forge: plain.rules.forge, project: plain.rules.project, stages: plain.rules.stages,
            zones: plain.rules.zones, rollback: lived.rollback)
        do {
            var replay = try await ReplayedHistory(world)
            for deed in lived.deeds { try await replay.follow(deed) }
        } catch {
            Issue.record("SLUICE_HISTORY_SEED=\(seed): \(error)\n\(lived.story.joined(separator: "\n"))")
        }
    }

    private static func live(_ seed: UInt64, _ root: ObjectID, _ trial: Speculation) throws -> [String: Int] {
        var history = try RandomHistory(trial, root: root, seed: seed)
        do {
            try history.live(steps: 12)
        } catch {
            Issue.record("SLUICE_HISTORY_SEED=\(seed): \(error)\n\(history.story.joined(separator: "\n"))")
        }
        return history.tally
    }
}
