import DesiredState
import Foundation
import GitClient
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("Drift in random histories")
struct DriftHistoryTests {
    /// How many histories a run lives through; more by `SLUICE_DRIFT_HISTORIES`.
    private static let count =
        ProcessInfo.processInfo.environment["SLUICE_DRIFT_HISTORIES"].flatMap { UInt64($0) } ?? 1000
    /// The first seed; another one by `SLUICE_HISTORY_SEED`, to live through one history again.
    private static let seed = ProcessInfo.processInfo.environment["SLUICE_HISTORY_SEED"].flatMap { UInt64($0) } ?? 1

    @Test("What people wrote on a zone and is still there is drift, and what releases alone did is none")
    func histories() async throws {
        try await withTemporaryDirectory("drift") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/a.git")
            let root = try await repository.push(["root": "r\n"], to: "main")
            let mirror = try await GitMirror.open(repository.path)
            var seen = Seen()
            for seed in Self.seed..<Self.seed + Self.count {
                let one = try await mirror.speculate { trial in
                    var history = try RandomHistory(trial, root: root, seed: seed)
                    // What becomes of the releases is told elsewhere.
                    try? history.live(steps: 12)
                    return try Self.judge(history, seed)
                }
                seen.drifted += one.drifted
                seen.quiet += one.quiet
            }
            #expect((seen.drifted > 0 && seen.quiet > 0) || Self.count < 100, "\(seen)")
        }
    }

    private struct Seen: Sendable {
        var drifted = 0
        var quiet = 0
    }

    private static func judge(_ history: RandomHistory, _ seed: UInt64) throws -> Seen {
        var seen = Seen()
        let isQuiet = history.touchedByHand.isEmpty
        for line in DriftLine.lines(of: history.rules, among: history.heads.keys) {
            guard let head = history.heads[line.branch] else { continue }
            let branch = try DriftObserver(history.trial).look(at: line, heads: history.heads, before: nil)
            let findings = DriftFindings(branch).all
            let written = try Set(history.lines(of: head).values).filter { history.handwriting[$0] == line.branch }
            let says = "SLUICE_HISTORY_SEED=\(seed): \(line.branch) \(findings.map(\.sentence)) \(branch.gaps)"
            let isOpen = findings.contains { $0.isOpen }
            let below = try line.downstream.flatMap { history.heads[$0] }.map { try history.lines(of: $0).values }
            let isUnreleased = below.map { !written.subtracting($0).isEmpty } ?? false
            if line.upstream == history.rules.stages.last && !written.isEmpty || isUnreleased {
                #expect(
                    isOpen,
                    "\(says) has \(written)\n\(history.story.joined(separator: "\n"))")
                seen.drifted += 1
            }
            if isQuiet {
                // What a rollback has not brought everywhere yet is on its way, and no less true.
                let claims = findings.filter { $0.kind != .unsyncedReverts || history.halfTakenBack.isEmpty }
                #expect(claims.isEmpty && branch.gaps.isEmpty, "\(says)\n\(history.story.joined(separator: "\n"))")
                seen.quiet += 1
            }
        }
        return seen
    }
}
