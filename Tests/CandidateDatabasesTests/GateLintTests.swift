import ChangelogLint
import DesiredState
import Diagnostics
import Forges
import GitClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("What lint says in a verdict")
struct GateLintTests {
    private static let index = GateWorld.adding("index", "create index parcel_area on parcel (area);")

    @Test("a rule that warns leaves +1 and stands in the verdict and in the status, with its place")
    func warning() async throws {
        try await GateWorld.with { world in
            let revision = try await world.push(Self.index, as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .success)
            #expect(verdict.body.contains("Warnings:\n- data-model/index.sql:"), "\(verdict.body)")
            #expect(
                verdict.body.contains("non-concurrent-index: index parcel_area on parcel is built while writers wait"))
            let status = try #require(try await world.status("1"))
            #expect(status.findings?.shown.map(\.rule).contains("non-concurrent-index") == true)
            #expect(status.findings?.shown.allSatisfy { $0.file == "data-model/index.sql" && $0.line != nil } == true)
        }
    }

    @Test("a rule that the policy has fail gives -1 before anything is deployed, and no database")
    func failure() async throws {
        let policy = LintPolicy(rules: ["non-concurrent-index": .fail, "missing-rollback": .warn])
        try await GateWorld.with(spec: { GateWorld.spec(prefix: $0, lint: policy) }) { world in
            let revision = try await world.push(Self.index, as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .failed)
            #expect(verdict.summary == "the changelog breaks rules that fail")
            #expect(verdict.body.contains("Failures:"))
            #expect(verdict.body.contains("non-concurrent-index: index parcel_area"))
            #expect(verdict.body.contains("Warnings:"))
            #expect(verdict.body.contains("Error: changelog.lint-failed"))
            #expect(try await world.published().isEmpty)
            let status = try #require(try await world.status("1"))
            #expect(status.state == .failed)
            #expect(status.failure?.code == "changelog.lint-failed")
            #expect(status.findings?.shown.first?.severity == .fail)
        }
    }

    @Test("an edit of a changeset that master has is a failure that names it, not one that the server finds")
    func edited() async throws {
        try await GateWorld.with { world in
            let tables = GateWorld.sql("parcel", "create table parcel (id bigint primary key);")
            let revision = try await world.push(["data-model/tables.sql": .text(tables)], as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .failed)
            #expect(verdict.body.contains("edited-deployed-changeset"))
        }
    }

    @Test("an allowance with a reason takes a rule off, unless the policy takes no notice of it")
    func allowance() async throws {
        let statement = "create index parcel_area on parcel (area);"
        let comment = "--comment sluice:allow non-concurrent-index, missing-rollback: the table is small\n"
        let candidate = GateWorld.adding("index", comment + statement)
        for honours in [true, false] {
            let policy = LintPolicy(rules: ["non-concurrent-index": .fail], honoursAllowances: honours)
            try await GateWorld.with(spec: { GateWorld.spec(prefix: $0, lint: policy) }) { world in
                let revision = try await world.push(candidate, as: "1")
                try await world.settle()
                #expect(try await world.requireVerdict(revision, of: "1").verdict == (honours ? .success : .failed))
                #expect(try await world.status("1")?.findings == nil || !honours)
            }
        }
    }

    @Test("what is found is bounded, on one line each, whatever a candidate is called")
    func bounded() throws {
        let rule = try #require(LintRules.all.first).description
        let findings = (0..<100).map { index in
            LintFinding(
                rule: rule, severity: index == 99 ? .fail : .warn, identity: nil,
                location: .init(file: String(repeating: "\"", count: 5000), line: index),
                message: "a\nContent-Key: x " + String(repeating: "\\", count: 5000))
        }
        let kept = try #require(GateFindings(findings))
        #expect(kept.shown.count == 15 && kept.hidden == 85 && kept.fail)
        #expect(kept.lines.allSatisfy { !$0.contains("\n") })
        var provenance = try Sample.provenance(state: .deployed)
        provenance.findings = kept
        #expect(Provenance(comment: try provenance.comment) == provenance)
    }
}
