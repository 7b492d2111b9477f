import ChangelogLint
import Foundation
import Terminal
import TestSupport
import Testing

@testable import ChangelogCommands

@Suite("sluice changelog lint")
struct LintCommandTests {
    private static let deployed = """
        --liquibase formatted sql

        --changeset ada:1
        CREATE TABLE parcel (id int);
        --rollback DROP TABLE parcel;

        """
    private static let changed = """
        \(deployed)
        --changeset ada:2
        ALTER TABLE parcel DROP id;
        --rollback empty

        """

    private func lint(_ text: String, base: String? = nil, _ more: String...) async throws -> Invocation {
        try await withTemporaryDirectory { directory in
            try write(["new/main.sql": text, "old/main.sql": base ?? ""], below: directory)
            let place = base == nil ? [] : ["--base-search-path", "\(directory)/old"]
            return await .run(
                ["lint", "--search-path", "\(directory)/new", "--changelog-file", "main.sql"] + place + more)
        }
    }

    @Test("warnings are printed with place, lock and advice, and end with 0")
    func warnings() async throws {
        let run = try await lint(Self.changed, base: Self.deployed)
        #expect(run.status == .ok)
        #expect(
            run.output == """
                main.sql:8: warn drop-column: column id of parcel is dropped with its values
                  takes ACCESS EXCLUSIVE: everybody waits, readers too; first deploy programs that do not use it, then drop it

                """)
        #expect(run.talk.contains("0 failures, 1 warning"))
    }

    @Test("a rule that fails ends with 8, one that is off says nothing")
    func severities() async throws {
        #expect(try await lint(Self.changed, base: Self.deployed, "--rule", "drop-column=fail").status == .invalid)
        let off = try await lint(Self.changed, base: Self.deployed, "--rule", "drop-column=off")
        #expect(off.status == .ok && off.output.isEmpty)
        let edited = Self.deployed.replacing("id int", with: "id bigint")
        let run = try await lint(edited, base: Self.deployed)
        #expect(run.status == .invalid && run.output.contains("fail edited-deployed-changeset"))
    }

    @Test("an unknown rule is a mistake of the command line, with the nearest known one")
    func unknownRule() async throws {
        let run = try await lint(Self.changed, base: nil, "--rule", "drop-colum=off")
        #expect(run.status == .usage && run.talk.contains("did you mean drop-column?"), "\(run.talk)")
        #expect(try await lint(Self.changed, base: nil, "--rule", "drop-column").status == .usage)
    }

    @Test("findings are written for programs, GitHub and GitLab", arguments: LintReport.Format.allCases)
    func formats(_ format: LintReport.Format) async throws {
        let run = try await lint(Self.changed, base: Self.deployed, "--format", format.rawValue)
        #expect(run.status == .ok)
        switch format {
        case .text: break
        case .github:
            #expect(run.output.hasPrefix("::warning file=main.sql,line=8,title=drop-column::column id of parcel"))
        case .json, .gitlab:
            let entries = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
            let entry = try #require(entries?.first)
            #expect(entries?.count == 1)
            #expect(entry[format == .json ? "rule" : "check_name"] as? String == "drop-column")
            if format == .gitlab { #expect((entry["fingerprint"] as? String)?.count == 16) }
        }
        let nothing = try await lint(Self.deployed, base: Self.deployed, "--format", format.rawValue)
        #expect(nothing.output == ([.json, .gitlab].contains(format) ? "[\n\n]\n" : ""))
    }

    @Test("the list of rules is complete")
    func rules() async {
        let run = await Invocation.run(["lint-rules"])
        #expect(run.output.split(separator: "\n").count == LintRules.all.count)
        #expect(await Invocation.run(["lint-rules", "--format", "json"]).output.contains("\"lockEffect\""))
    }

    @Test("with --base-ref what is checked out is judged beside the branch, and its last commit merged into it")
    func baseRef() async throws {
        try await withTemporaryDirectory { directory in
            let repository = try await ScriptedRepository.create(at: "\(directory)/origin")
            let root = ["db/main.yaml": "databaseChangeLog:\n- includeAll: {path: all}\n"]
            let table = Self.deployed.replacing("formatted sql", with: "formatted sql logicalFilePath:x")
            func file(_ name: String, id: String) -> [String: ScriptedFile] {
                ["db/all/\(name).sql": .text(table.replacing("ada:1", with: id).replacing("parcel", with: name))]
            }
            let base = try await repository.push(
                root.mapValues(ScriptedFile.text).merging(file("parcel", id: "ada:1")) { $1 }, to: "master")
            _ = try await repository.push(file("theirs", id: "ada:2"), to: "master")
            _ = try await repository.push(file("visit", id: "ada:2"), to: "topic", from: base)
            let work = "\(directory)/work"
            _ = try await repository.run(["clone", "--quiet", "--branch", "topic", repository.path, work])
            func lint(_ reference: String) async -> Invocation {
                await .run([
                    "lint", "--search-path", "\(work)/db", "--changelog-file", "main.yaml", "--base-ref", reference,
                ])
            }
            #expect(await lint("HEAD").talk.contains("0 failures, 0 warnings"))
            let merged = await lint("origin/master")
            #expect(merged.status == .invalid)
            #expect(
                merged.output.hasPrefix(
                    "all/visit.sql: fail broken-merge: merged with the target branch: changeset x::2::ada is there twice"
                ),
                "\(merged)")

            // What is not committed yet is judged too.
            try write(["db/all/parcel.sql": table.replacing("id int", with: "id bigint")], below: work)
            #expect(await lint("HEAD").output.contains("fail edited-deployed-changeset"))
            let missing = await lint("origin/nothing")
            #expect(missing.status == .usage && missing.talk.contains("there is no commit origin/nothing"))
            let both = await Invocation.run([
                "lint", "--changelog-file", "x", "--base-ref", "HEAD", "--base-search-path", work,
            ])
            #expect(both.status == .usage && both.talk.contains("not both"))
        }
    }
}
