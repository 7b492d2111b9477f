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
        for happening in ["promo", "revert", "rolled back", "hotfix", "revertByHand", "mergeEvilly", "delete"] {
            #expect(tally[happening, default: 0] > 0 || Self.count < 100, "\(happening) never happened")
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
