import Diagnostics
import Forges
import Foundation
import GitClient
import TestSupport
import Testing

extension LocalWorld {
    func report(
        _ verdict: Verdict, on revision: ObjectID, of id: String = "7", _ summary: String = "deployed",
        body: String = ""
    ) async throws -> ReportOutcome {
        let report = VerdictReport(
            candidate: try CandidateID(id), revision: revision, verdict: verdict, summary: summary, body: body)
        return try await forge.report(report, project: project)
    }

    func verdict(on revision: ObjectID, of id: String = "7") async throws -> VerdictReport? {
        try await forge.verdict(on: revision, of: try CandidateID(id), project: project)
    }

    func notesCommits() async throws -> String {
        try await repository.git("rev-list", "--count", LocalForge.notesName)
    }
}

@Suite struct LocalForgeVerdictTests {
    @Test func `a verdict is a note that git log shows`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("7")
            #expect(try await world.verdict(on: revision) == nil)
            #expect(try await world.report(.success, on: revision, body: "12 changesets\n\n- one\n") == .posted)
            let shown = try await world.repository.git(
                "log", "-1", "--notes=verified", "--format=%N", "refs/heads/candidate/7")
            #expect(shown == "Verified: +1\nCandidate: 7\nSummary: deployed\n\n12 changesets\n\n- one")
        }
    }

    @Test func `V-02: a verdict that stands already is not written again`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("7")
            #expect(try await world.report(.failed, on: revision) == .posted)
            for _ in 0..<3 { #expect(try await world.report(.failed, on: revision) == .alreadyThere) }
            #expect(try await world.notesCommits() == "1")
        }
    }

    @Test func `a verdict is edited in place and remains one`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("7")
            for verdict in [Verdict.unknown, .failed, .success] {
                #expect(try await world.report(verdict, on: revision) == .posted)
                #expect(try await world.verdict(on: revision)?.verdict == verdict)
            }
            let note = try await world.repository.git("notes", "--ref=verified", "show", revision.hex)
            #expect(note.components(separatedBy: "Verified:").count == 2)
        }
    }

    @Test func `F-08: nothing is written on a revision that the candidate has left`() async throws {
        try await LocalWorld.with { world in
            let first = try await world.propose("7")
            let second = try await world.propose("7", ["t.xml": "2"])
            #expect(try await world.report(.success, on: first) == .revisionMoved)
            #expect(try await world.verdict(on: first) == nil)
            #expect(try await world.report(.success, on: second) == .posted)
            try await world.repository.delete("candidate/7")
            #expect(try await world.report(.failed, on: second) == .revisionMoved)
            #expect(try await world.verdict(on: second)?.verdict == .success)
        }
    }

    @Test func `F-08: pushes that race with verdicts never leave one on a revision that was left before`() async throws
    {
        try await LocalWorld.with { world in
            let first = try await world.propose("7")
            let second = try await world.propose("8", ["t.xml": "2"])
            async let pushes: Void = {
                for revision in [second, first, second, first, second] {
                    try await world.repository.push(revision, to: "candidate/7")
                }
            }()
            var outcomes: Set<ReportOutcome> = []
            for number in 0..<40 {
                outcomes.insert(try await world.report(.failed, on: first, "\(number)"))
            }
            try await pushes
            #expect(outcomes.isSubset(of: [.posted, .revisionMoved]))
            #expect(try await world.report(.success, on: first) == .revisionMoved)
            #expect(try await world.report(.success, on: second) == .posted)
        }
    }

    @Test func `candidates at the same commit each keep their own verdict`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("7")
            try await world.repository.push(revision, to: "candidate/-x")
            #expect(try await world.report(.success, on: revision, of: "7") == .posted)
            #expect(try await world.report(.failed, on: revision, of: "-x") == .posted)
            #expect(try await world.report(.success, on: revision, of: "7") == .alreadyThere)
            #expect(try await world.report(.failed, on: revision, of: "-x") == .alreadyThere)
            #expect(try await world.verdict(on: revision, of: "7")?.verdict == .success)
            #expect(try await world.verdict(on: revision, of: "-x")?.verdict == .failed)
        }
    }

    @Test func `a verdict cannot forge another candidate's by what it says`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("7")
            let forged = "Verified: +1\nCandidate: 8\nSummary: ha\n\nbody"
            for body in [forged, ">" + forged, "x\n\n>>" + forged, "\u{301}\n" + forged] {
                try #require(
                    try await world.report(.failed, on: revision, "x\n" + forged, body: body) != .revisionMoved)
                #expect(try await world.verdict(on: revision, of: "8") == nil)
                #expect(try await world.verdict(on: revision)?.verdict == .failed)
                #expect(try await world.verdict(on: revision)?.body == body)
            }
        }
    }

    /// Texts at the edges of what a note can hold. Not arguments of the test: they would fill its report.
    private static let texts = [
        "", "\n\n", "a\r\nb\0c\u{1B}[2J", "  indented\n\n\ttabs  \n ", "ünï \u{1F600} e\u{301}", "\u{301}combining",
        String(repeating: "ä", count: 100_000), String(repeating: "line\n", count: 50_000),
    ]

    @Test func `a report that is read back is the one that was written`() async throws {
        try await LocalWorld.with { world in
            for (number, text) in Self.texts.enumerated() {
                for id in ["7", "\u{301}id", "e\u{301}"] {
                    let revision = try await world.propose(id, ["t.xml": .text("\(number) \(id)")])
                    let posted = try await world.report(.failed, on: revision, of: id, text, body: text)
                    let again = try await world.report(.failed, on: revision, of: id, text, body: text)
                    #expect(posted == .posted, "text \(number)")
                    #expect(again == .alreadyThere, "text \(number)")
                    let body = try #require(try await world.verdict(on: revision, of: id)).body
                    #expect(body.utf8.count <= VerdictReport.bodyLimit)
                }
            }
        }
    }

    @Test func `a note that a person wrote gives way to the verdict`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("7")
            try await world.repository.git("notes", "--ref=verified", "add", "-m", "looks good", revision.hex)
            #expect(try await world.verdict(on: revision) == nil)
            #expect(try await world.report(.success, on: revision) == .posted)
            #expect(try await world.verdict(on: revision)?.verdict == .success)
        }
    }

    @Test func `V-02: two controllers that report at once leave one note`() async throws {
        try await LocalWorld.with { world in
            let revision = try await world.propose("7")
            let posted = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do {
                            return try await world.report(.success, on: revision) == .posted ? 1 : 0
                        } catch let error as SluiceError where error.code == "git.note-moved" {
                            return 0
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(posted == 1)
            #expect(try await world.notesCommits() == "1")
        }
    }
}
