import Foundation
import GitClient
import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

private let good = "--liquibase formatted sql\n--changeset ada:1\nCREATE TABLE parcel (id int);\n"
private let bad = (0..<30).map { "--changeset ada:\($0 % 2)\nSELECT \($0);\n" }.joined()

@Suite("Git's hooks, by real pushes", .serialized)
struct GitHookPushTests {
    private static let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"]

    private func withHook(
        _ arguments: [String], _ body: (ScriptedRepository) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory("hooks") { directory in
            let repository = try await ScriptedRepository.create(at: "\(directory)/land.git")
            try await writeProgram(
                "#!/bin/dash\ncat >>'\(directory)/theirs'\n", to: "\(repository.path)/hooks/pre-receive")
            let line = ["hooks", "install", "--repository", repository.path, "--kind", "pre-receive"] + arguments
            let installed = await Invocation.record(environment: Self.environment) { await Sluice.run(line, in: $0) }
            #expect(installed.status == .ok, "\(installed.talk)")
            try await body(repository)
        }
    }

    @Test("pre-receive refuses what cannot be understood, in quarantine and in ten lines, and takes in what can")
    func preReceive() async throws {
        let program = try BuiltProgram.sluice
        try await withHook(
            [
                "--changelog", "data-model/main.sql", "--manifests", "config", "--when-unable", "reject", "--program",
                program,
            ]
        ) { repository in
            let refused = await #expect(throws: ScriptedGitError.self) {
                try await repository.push(
                    ["data-model/main.sql": .text("--liquibase formatted sql\n" + bad)], to: "main")
            }
            let remote = "\(try #require(refused))".split(separator: "\n").filter { $0.contains("remote:") }
            #expect((3...10).contains(remote.count), "\(remote)")
            #expect(remote.contains { $0.contains("main: data-model/main.sql:") }, "\(remote)")
            #expect(try await repository.git("for-each-ref") == "")
            #expect(try await repository.git("count-objects") == "0 objects, 0 kilobytes")
            let wrong: [String: ScriptedFile] = [
                "data-model/main.sql": .text(good), "config/forge.yaml": .text("kind: Forge\n"),
            ]
            await #expect(throws: ScriptedGitError.self) { try await repository.push(wrong, to: "main") }
            let mended: [String: ScriptedFile] = [
                "config/forge.yaml": .text(
                    "apiVersion: sluice.dev/v1alpha1\nkind: Forge\nmetadata: {name: a}\nspec: {type: local, local: {path: /a}}\n"
                )
            ]
            try await repository.push(mended, to: "main")
            try await repository.push(mended, to: "side")
            try await repository.delete("side")
            let theirs = URL(filePath: repository.path).deletingLastPathComponent().appending(path: "theirs")
            #expect(try String(contentsOf: theirs, encoding: .utf8).split(separator: "\n").count == 5)
        }
    }

    @Test("What cannot be judged is refused or let through, as was said", arguments: ["reject", "accept"])
    func unable(policy: String) async throws {
        let program = try BuiltProgram.sluice
        for broken in ["/no/such/program", program] {
            let slow = ["--changelog", "a/main.sql", "--when-unable", policy, "--program", broken]
            try await withHook(slow) { repository in
                // More than is read of one file.
                let large = good + String(repeating: "-- x\n", count: 2 << 20)
                let pushed = try? await repository.push(["a/main.sql": .text(large)], to: "main")
                #expect((pushed != nil) == (policy == "accept"), "\(broken)")
            }
        }
    }

    @Test("pre-commit judges what is staged")
    func preCommit() async throws {
        let program = try BuiltProgram.sluice
        try await withTemporaryDirectory("commit") { directory in
            let tools = try await ScriptedRepository.create(at: "\(directory)/tools.git")
            let tree = "\(directory)/tree"
            try await tools.run(["init", "--quiet", tree])
            let line = [
                "hooks", "install", "--repository", tree, "--kind", "pre-commit", "--changelog", "a/main.sql",
                "--program",
                program,
            ]
            let installed = await Invocation.record(environment: Self.environment) { await Sluice.run(line, in: $0) }
            #expect(installed.status == .ok, "\(installed.talk)")
            func commit(_ text: String) async throws {
                try FileManager.default.createDirectory(atPath: "\(tree)/a", withIntermediateDirectories: true)
                try text.write(toFile: "\(tree)/a/main.sql", atomically: true, encoding: .utf8)
                try await tools.run(["-C", tree, "add", "a/main.sql"])
                try await tools.run(["-C", tree, "commit", "--quiet", "-m", "x"])
            }
            await #expect(throws: ScriptedGitError.self) { try await commit("--liquibase formatted sql\n" + bad) }
            try await commit(good)
            await #expect(throws: ScriptedGitError.self) { try await commit(good + bad) }
        }
    }

    @Test("Without saying what is judged, or what becomes of what cannot be, nothing is installed")
    func usage() async {
        for arguments in [
            ["--kind", "pre-receive"], ["--kind", "pre-receive", "--changelog", "a"], ["--kind", "pre-commit"],
        ] {
            let line = ["hooks", "install", "--repository", "/nonexistent"] + arguments
            let outcome = await Invocation.record(environment: Self.environment) { await Sluice.run(line, in: $0) }
            #expect(outcome.status == .usage)
        }
    }
}
