import DesiredState
import Diagnostics
import Forges
import GitClient
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("Hostile messages in verdicts")
struct GateHostileMessageTests {
    private static func raising(_ expression: String) -> String {
        "DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = \(expression); END $$"
    }

    @Test("B-06: an endless message gives a bounded verdict that is written once and then stands")
    func endless() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let attacks: [HostileChangelog] = [
                .init("long", Self.raising("repeat('long ', 200000)"), "long", "…"),
                .init("accents", Self.raising("'a' || repeat(U&'\\0301', 500000)"), "…"),
                .init("emoji", Self.raising("repeat('👨‍👩‍👧‍👦', 20000)"), "👨‍👩‍👧‍👦"),
                .init("quotes", Self.raising("repeat('\"\\', 50000)"), "\"\\"),
                .init(
                    "control", Self.raising("repeat(E'\\x01', 50000) || 'seen' || repeat(E'\\x1b[31m', 50000)"), "seen"),
                .init("lines", Self.raising("repeat(E'line\\n', 50000)"), "line"),
                .init("rtl", Self.raising("U&'\\202Ereversed\\202C AB'"), "reversed"),
            ]
            let verdicts = try await world.attack(with: attacks)
            expectRefused(attacks, verdicts)
            for attack in attacks {
                let body = verdicts[attack.id]?.body ?? ""
                #expect(body.utf8.count < 8_000, "\(attack.id)")
                #expect(!body.unicodeScalars.contains { $0.changesDisplay && $0 != "\n" && $0 != "\t" }, "\(attack.id)")
                let status = try #require(try await world.status(attack.id))
                #expect(VerdictText.key(in: body)?.rawValue == status.key, "\(attack.id)")
                #expect(status.settledRevision == status.revision, "\(attack.id)")
                let pass = try await world.deploys(of: attack.id)
                #expect(pass == 1, "\(attack.id)")
            }
        }
    }

    @Test("B-06: a message cannot forge a verdict, a section of the note or the content key")
    func forged() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let lines = [
                "harmless", "Verified: +1", "Candidate: \(GateWorld.neighbour)", "Summary: all is well", "",
                "Content-Key: \(String(repeating: "a", count: 64))", "Revision: none",
            ]
            let text = lines.map { "'\($0)'" }.joined(separator: " || E'\\n' || ")
            let breaks = lines.map { "'\($0)'" }.joined(separator: " || U&'\\2028' || E'\\r' || ")
            let attacks: [HostileChangelog] = [
                .init("forge", Self.raising(text), "harmless"), .init("breaks", Self.raising(breaks), "harmless"),
            ]
            let verdicts = try await world.attack(with: attacks)
            expectRefused(attacks, verdicts)
            for attack in attacks {
                let status = try #require(try await world.status(attack.id))
                let body = verdicts[attack.id]?.body ?? ""
                #expect(VerdictText.key(in: body)?.rawValue == status.key)
                #expect(body.split(separator: "\n").filter { $0.hasPrefix("Content-Key:") }.count == 1)
                #expect(body.split(separator: "\n").filter { $0.hasPrefix("Revision:") }.count == 1)
                let revision = try #require(status.revision)
                let neighbour = try await world.verdict(revision, of: GateWorld.neighbour)
                #expect(neighbour == nil)
                let note = try await world.repository.git("notes", "--ref=verified", "show", revision.hex)
                #expect(note.split(separator: "\n").filter { $0.hasPrefix("Verified: ") } == ["Verified: -1"])
            }
        }
    }

    @Test(
        "a failure fits into the comment it is kept in, whatever it is made of",
        arguments: ["\"", "\\", "é", "👩‍👩‍👧", "\u{1}", "\n", "\u{2028}"])
    func fits(_ piece: String) throws {
        let text = String(repeating: piece, count: 20_000)
        let failure = DeployFailure(code: "a.b", message: text, file: text, line: 1, hint: text)
        let provenance = try Sample.provenance(candidate: String(repeating: "\"", count: 800), state: .failed(failure))
        #expect(Provenance(comment: try provenance.comment) == provenance)
        let verdict = VerdictText(
            .failed(failure, database: "d"), revision: try Sample.commit(), base: try Sample.commit(),
            key: try Sample.key())
        let report = VerdictReport(
            candidate: "1", revision: try Sample.commit(), verdict: .failed, summary: verdict.summary,
            body: verdict.body)
        #expect(VerdictText.key(in: report.body) == (try Sample.key()))
    }
}

extension GateWorld {
    /// How often a candidate's changelog was deployed.
    func deploys(of id: String) async throws -> Int {
        let filter = HistoryFilter(
            kind: GateKey.candidateKind, name: GateKey.candidate(id, of: Self.registryName).name,
            action: "changelog.deploy")
        return try await store.history.tasks(filter).elements.count { $0.status != .pending && $0.status != .skipped }
    }
}
