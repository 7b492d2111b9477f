import DesiredState
import Forges
import Foundation
import GitClient
import Logging
import PatchSeries
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("As much of a series as one merge request takes")
struct SeriesPartTests {
    /// The subjects of a part of the commits since the cursor, which `build` names, and how many remain.
    private func part(
        _ style: SeriesStyle = .automatic, limit: Int? = nil, _ limits: SeriesLimits = SeriesLimits(),
        _ ignore: IgnoreRules = IgnoreRules(), of build: (ScriptedRepository, ObjectID) async throws -> ObjectID
    ) async throws -> (subjects: [String], remaining: Int) {
        try await inPart(style, limit: limit, limits, ignore, of: build) { scan, trial in
            let part = try SeriesPart(for: scan, in: trial)
            return (scan.wanted(of: part.series).map(\.words.subject), part.remaining)
        }
    }

    /// Calls `body` with what is to be looked at: from the commit that `build` names to its branch's head.
    private func inPart<Result: Sendable>(
        _ style: SeriesStyle = .automatic, limit: Int? = nil, _ limits: SeriesLimits = SeriesLimits(),
        _ ignore: IgnoreRules = IgnoreRules(), of build: (ScriptedRepository, ObjectID) async throws -> ObjectID,
        body: @escaping @Sendable (UpstreamScan, Speculation) throws -> Result
    ) async throws -> Result {
        try await withTemporaryDirectory("part") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/upstream.git")
            let begin = try await repository.push(["a": "0\n"], to: "main", message: "Begin")
            let cursor = try await build(repository, begin)
            let mirror = try await GitMirror.open(repository.path)
            let head = try #require(try await mirror.resolve(try .branch("main")))
            let spec = UpstreamSpec(
                source: UpstreamSource(place: .url("https://h/t.git"), branch: "main"),
                package: TrackedPackage(forge: "local", project: "p/t", branch: "master"), series: style,
                ignore: ignore, maximumPatches: limit)
            let forge = LocalForge(
                name: "local", folder: folder, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { Date(timeIntervalSince1970: 0) })
            var scan = UpstreamScan(
                tracking: Tracking(name: "tool", spec: spec, forge: forge), cursor: cursor, head: head, base: cursor)
            scan.limits = limits
            return try await mirror.speculate { [scan] in try body(scan, $0) }
        }
    }

    private func steps(_ count: Int) -> (ScriptedRepository, ObjectID) async throws -> ObjectID {
        { repository, begin in
            for step in 1...count {
                try await repository.push(["a": .text("\(step)\n")], to: "main", message: "Step \(step)")
            }
            return begin
        }
    }

    @Test("without a limit of one's own all of it is taken, as long as there is room")
    func all() async throws {
        let (subjects, remaining) = try await part(of: steps(7))
        #expect(subjects == (1...7).map { "Step \($0)" } && remaining == 0)
    }

    @Test("a limit takes the oldest, and what is ignored makes room for more")
    func limited() async throws {
        let (subjects, remaining) = try await part(limit: 2, of: steps(7))
        #expect(subjects == ["Step 1", "Step 2"] && remaining == 5)
        let rules = IgnoreRules(subjects: ["Step 1", "Step 2", "Step 3", "Step 5"])
        let more = try await part(limit: 2, SeriesLimits(), rules, of: steps(7))
        #expect(more.subjects == ["Step 4", "Step 6"] && more.remaining == 1)
    }

    @Test(
        "a range that is too long or too large gives its oldest part instead of nothing",
        arguments: SeriesStyle.allCases)
    func excess(_ style: SeriesStyle) async throws {
        let long = try await part(style, SeriesLimits(commits: 4), of: steps(9))
        #expect(long.remaining > 0 && long.remaining < 9)
        #expect(style == .squash || long.subjects.count == 9 - long.remaining)
        let large = try await part(style, SeriesLimits(bytes: 2_000), of: steps(30))
        #expect(style == .squash ? large.remaining == 0 : large.remaining > 0 && large.subjects.first == "Step 1")
    }

    @Test("where a part may end is sought no further back than the cursor goes, also when that came by a merge")
    func places() async throws {
        try await inPart { repository, begin in
            for step in 1...30 {
                try await repository.push(["a": .text("\(step)\n")], to: "main", message: "Step \(step)")
            }
            let old = try ObjectID(try await repository.git("rev-parse", "main"))
            let side = try await repository.commit(["b": "1\n"], on: "side", from: old, message: "Aside")
            try await repository.push(["c": "0\n"], to: "main", from: old, message: "Before")
            try await repository.merge(side)
            try await repository.push(["c": "1\n"], to: "main", message: "After")
            return side
        } body: { scan, trial in
            let places = try SeriesPart.places(of: scan, in: trial, limit: 3)
            #expect(try places.map { try trial.commit($0).parents.count } == [2, 1])
            #expect(places.last == scan.head)
        }
    }

    @Test("a cursor that came by a merge is left by a part too")
    func side() async throws {
        let (subjects, remaining) = try await part(limit: 1) { repository, begin in
            let side = try await repository.commit(["b": "1\n"], on: "side", from: begin, message: "Aside")
            try await repository.push(["a": "1\n"], to: "main", from: begin, message: "Before")
            try await repository.merge(side)
            for step in 1...3 {
                try await repository.push(["c": .text("\(step)\n")], to: "main", message: "Step \(step)")
            }
            return side
        }
        #expect(subjects == ["Before"] && remaining == 3)
    }
}
