import DesiredState
import Diagnostics
import Foundation
import GitClient
import NIOConcurrencyHelpers
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("A tree is checked")
struct TreeCheckerTests {
    private static let bad: [String: ScriptedFile] = [
        "Puppetfile": "mod 'a/b', '1.0.0'\n", "data/common.yaml": "a: 1\n",
        "site/profile/manifests/ok.pp": "class profile::ok { notify { 'x': } }\n",
        "site/profile/manifests/bad.pp":
            "class profile::bad {\n  file { '/x':\n    ensure => present\n    content => 'y',\n  }\n}\n",
    ]

    /// Calls `body` with a repository of one commit, and its tree.
    private func withTree(
        _ files: [String: ScriptedFile], _ body: (GitMirror, ObjectID, _ folder: String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory("checks") { folder in
            let repository = try await ScriptedRepository.create(at: "\(folder)/control.git")
            let commit = try await repository.push(files, to: "main")
            let mirror = try await GitMirror.open(repository.path)
            try await body(mirror, try await mirror.commit(commit).tree, folder)
        }
    }

    @Test(
        "Where Puppet's programs are not installed, the report says what was not checked, or refuses when they are required"
    )
    func notInstalled() async throws {
        try await withTree(Self.bad) { mirror, tree, folder in
            for programs in [nil, PuppetPrograms(directory: "\(folder)/runs") { _ in nil }] {
                let checker = TreeChecker(programs: programs)
                let report = try await checker.report(
                    on: tree, in: mirror, checks: ControlChecks(parser: .available, lint: .available))
                #expect(report.isAccepted && report.unchecked.map(\.check) == [.parser, .lint])
                #expect(report.description.contains("not checked: parser: "))
                let required = try await checker.report(on: tree, in: mirror, checks: ControlChecks(parser: .required))
                #expect(required.findings.map(\.code) == ["check.program-unavailable"] && !required.isAccepted)
                let off = try await checker.report(on: tree, in: mirror, checks: ControlChecks(parser: .off))
                #expect(off.isAccepted && off.unchecked.isEmpty)
            }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/runs"))
        }
    }

    @Test("Equal trees are checked once, whatever branches they are on, and anew under other checks")
    func remembered() async throws {
        try await withTree(["Puppetfile": "mod 'a/b'"]) { mirror, tree, _ in
            let checker = TreeChecker(programs: nil)
            let readings = NIOLockedValueBox(0)
            func check(_ checks: ControlChecks) async throws -> TreeReport {
                try await checker.report(on: tree, checks: checks) {
                    readings.withLockedValue { $0 += 1 }
                    return try await mirror.speculate { try TreeContents(of: tree, checks: checks, in: $0) }
                }
            }
            let first = try await check(ControlChecks())
            #expect(try await check(ControlChecks()) == first && first.isAccepted)
            #expect(readings.withLockedValue(\.self) == 1)
            #expect(try await !check(ControlChecks(movingPins: .refuse)).isAccepted)
            #expect(readings.withLockedValue(\.self) == 2)
        }
    }

    @Test("The report that was not asked for the longest time goes first")
    func forgotten() throws {
        var memory = Memory<Int, String>(limit: 2)
        memory.keep("one", for: 1)
        memory.keep("two", for: 2)
        #expect(memory[1] == "one")
        memory.keep("three", for: 3)
        #expect((1...3).map { memory[$0] != nil } == [true, false, true])
    }

    @Test("A tree that is too large is refused, not read")
    func tooLarge() async throws {
        let huge = ScriptedFile.bytes([UInt8](repeating: 0x61, count: TreeContents.limits.bytesPerFile + 1))
        try await withTree(["data/huge.yaml": huge, "site/fine.txt": huge]) { mirror, tree, _ in
            let report = try await TreeChecker(programs: nil).report(on: tree, in: mirror, checks: ControlChecks())
            #expect(report.findings.map(\.code) == ["check.tree-unreadable"])
            #expect(report.findings.first?.location.file == "data/huge.yaml")
        }
    }

    @Test("Links lead nowhere: of a linked manifest or Puppetfile nothing is read")
    func links() async throws {
        let files: [String: ScriptedFile] = [
            "Puppetfile": .symbolicLink("/etc/passwd"), "site/a.pp": .symbolicLink("/etc/passwd"),
            "site/b.pp": .bytes([0xFF, 0xFE]),
        ]
        try await withTree(files) { mirror, tree, _ in
            let report = try await TreeChecker(programs: nil).report(on: tree, in: mirror, checks: ControlChecks())
            #expect(report.findings.map(\.code) == ["check.not-a-file", "check.manifest-syntax"])
            #expect(report.findings.last?.location.file == "site/b.pp")
        }
    }

    private static let isInstalled = ["/usr/bin/puppet", "/usr/bin/puppet-lint", "/usr/bin/bwrap"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
        "Puppet's own programs judge the manifests in a sandbox, and nothing is left of it",
        .enabled(if: Self.isInstalled))
    func installed() async throws {
        try await withTree(Self.bad) { mirror, tree, folder in
            let checker = TreeChecker(programs: PuppetPrograms(directory: "\(folder)/runs"))
            let report = try await checker.report(
                on: tree, in: mirror, checks: ControlChecks(parser: .required, lint: .required))
            #expect(report.unchecked.isEmpty, "\(report)")
            let parsed = report.findings.filter { $0.code == "check.manifest-syntax" }
            #expect(parsed.map(\.location.description) == ["site/profile/manifests/bad.pp:4:5"])
            #expect(!report.isAccepted && !report.findings.contains { $0.code == "check.program-unavailable" })
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs").isEmpty)
        }
    }
}
