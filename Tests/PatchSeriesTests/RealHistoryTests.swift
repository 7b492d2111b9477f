import ChildProcess
import Foundation
import GitClient
import TestSupport
import Testing

@testable import PatchSeries

/// The history of a real repository: a part of this one's own, or one that somebody names:
/// `SLUICE_REPOSITORY=/path/to/repository.git SLUICE_COMMITS=500`.
@Suite("Series of a real history")
struct RealHistoryTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// The repository that is named, or the one that this file is checked out from; nil for a copy without its history.
    private static let repository: String? = {
        if let named = environment["SLUICE_REPOSITORY"] { return named }
        let own = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        return FileManager.default.fileExists(atPath: "\(own)/.git") ? own : nil
    }()

    @Test(
        "git am of the series of a real history gives its tree, whatever became of the commits",
        .enabled(if: repository != nil))
    func roundTrip() async throws {
        let path = try #require(Self.repository)
        let wanted = Self.environment["SLUICE_COMMITS"].flatMap(Int.init) ?? 60
        try await withTemporaryDirectory("real") { folder in
            let copy = "\(folder)/copy.git"
            try await git(["clone", "--quiet", "--bare", "--shared", path, copy])
            let mirror = try await GitMirror.open(copy)
            let head = try ObjectID(
                try await git(["--git-dir", copy, "rev-parse", "HEAD"]).outputText.trimmingCharacters(in: .newlines))
            let cursor = try await mirror.speculate { trial in
                var last = head
                var steps = 0
                try trial.walkFirstParents(from: head) { commit in
                    last = commit.id
                    steps += 1
                    return steps <= wanted
                }
                return last
            }
            let clock = ContinuousClock()
            let start = clock.now
            let series = try await mirror.speculate {
                try SeriesMaker(in: $0).series(from: cursor, through: head, policy: .automatic)
            }
            let made = clock.now - start
            let work = "\(folder)/work"
            try await git(["clone", "--quiet", "--no-checkout", "--shared", copy, work])
            try await git(["-C", work, "checkout", "--quiet", "--detach", "\(cursor)"])
            try Data(series.patches.flatMap(\.mail)).write(to: URL(filePath: "\(folder)/box"))
            let begin = clock.now
            try await git(["-C", work, "am", "--quiet", "--keep-cr", "\(folder)/box"])
            print(
                "\(series.commits) commits, \(series.form), \(series.patches.count) patches: made and proved in \(made), "
                    + "git am \(clock.now - begin)")
            let tree = try await git(["-C", work, "rev-parse", "HEAD^{tree}"]).outputText
            #expect(tree == "\(try await mirror.commit(head).tree)\n")
        }
    }
}
