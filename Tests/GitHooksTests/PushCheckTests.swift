import Foundation
import GitClient
import TestSupport
import Testing

@testable import GitHooks

private let good = """
    --liquibase formatted sql
    --changeset ada:1
    CREATE TABLE parcel (id int);
    """

private let manifest = """
    apiVersion: sluice.dev/v1alpha1
    kind: Forge
    metadata: {name: here}
    spec: {type: local, local: {path: /srv/git}}
    """

@Suite("What is pushed")
struct PushCheckTests {
    private let check = PushCheck(changelogs: ["data-model/main.sql"], manifests: ["config"])

    private func withRepository(
        _ body: (ScriptedRepository, GitMirror) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory("push-check") { directory in
            let repository = try await ScriptedRepository.create(at: "\(directory)/land.git")
            try await body(repository, try await GitMirror.open(repository.path))
        }
    }

    private func pushed(_ new: ObjectID?, old: ObjectID? = nil, name: String = "refs/heads/main") -> [PushedReference] {
        [PushedReference(old: old, new: new, name: name)]
    }

    @Test(
        "Changelogs and manifests that can be understood have no mistakes; those that cannot are named with their place"
    )
    func mistakes() async throws {
        try await withRepository { repository, mirror in
            let right = try await repository.push(
                ["data-model/main.sql": .text(good), "config/forge.yaml": .text(manifest)], to: "main")
            #expect(try await check.mistakes(in: pushed(right), of: mirror) == [])
            let wrong = try await repository.push(
                [
                    "data-model/main.sql": .text(
                        good + "\n--changeset ada:1\nSELECT 1;\n--changeset broken\nSELECT 1;"),
                    "config/forge.yaml": .text(manifest.replacing("path:", with: "pth:")),
                ], to: "main")
            let found = try await check.mistakes(in: pushed(wrong), of: mirror)
            #expect(found.contains { $0.hasPrefix("main: data-model/main.sql:") }, "\(found)")
            #expect(found.contains { $0.hasPrefix("main: config/forge.yaml:4:") }, "\(found)")
        }
    }

    @Test("Who does not touch the files is not kept from pushing by what is wrong with them")
    func untouched() async throws {
        try await withRepository { repository, mirror in
            let wrong = try await repository.push(["config/a.yaml": .text("kind: [")], to: "main")
            let other = try await repository.push(["README": .text("x")], to: "main")
            #expect(try await !check.mistakes(in: pushed(wrong), of: mirror).isEmpty)
            #expect(try await check.mistakes(in: pushed(other, old: wrong), of: mirror) == [])
            #expect(try await check.mistakes(in: pushed(wrong, name: "refs/tags/v1"), of: mirror) == [])
            #expect(try await check.mistakes(in: pushed(nil, old: wrong), of: mirror) == [])
        }
    }

    @Test("A commit that is nothing new on one branch is judged on the other", arguments: [[0, 1], [1, 0]])
    func twoBranches(_ order: [Int]) async throws {
        try await withRepository { repository, mirror in
            let right = try await repository.push(["config/a.yaml": .text(manifest)], to: "main")
            let wrong = try await repository.push(["config/a.yaml": .text("kind: [")], to: "main")
            let later = try await repository.push(["README": .text("x")], to: "main")
            let references = [
                PushedReference(old: wrong, new: later, name: "refs/heads/side"),
                PushedReference(old: right, new: later, name: "refs/heads/main"),
            ]
            let found = try await check.mistakes(in: order.map { references[$0] }, of: mirror)
            #expect(found.count == 1 && found.first?.hasPrefix("main: config/a.yaml:") == true, "\(found)")
        }
    }

    @Test("Manifests in a hidden directory are judged when it is the one that is named, and links are refused")
    func hidden() async throws {
        try await withRepository { repository, mirror in
            let commit = try await repository.push(
                [
                    ".sluice/config/a.yaml": .text("kind: ["), ".sluice/config/.b.yaml": .text("kind: ["),
                    ".sluice/config/c.yaml": .symbolicLink("/etc/passwd"),
                ], to: "main")
            let check = PushCheck(changelogs: [], manifests: [".sluice/config"])
            let found = try await check.mistakes(in: pushed(commit), of: mirror)
            #expect(found.count == 2, "\(found)")
            #expect(found.contains { $0.hasPrefix("main: .sluice/config/a.yaml:") })
            #expect(found.contains { $0.hasPrefix("main: .sluice/config/c.yaml") && $0.contains("symbolic link") })
        }
    }

    @Test("What is too much to be judged is an error, and no verdict")
    func limits() async throws {
        try await withRepository { repository, mirror in
            let commit = try await repository.push(["config/a.yaml": .text(manifest)], to: "main")
            let small = PushCheck(changelogs: [], manifests: ["config"], limits: TreeLimits(totalBytes: 10))
            await #expect(throws: (any Error).self) { try await small.mistakes(in: pushed(commit), of: mirror) }
        }
    }

    @Test("What git tells its hooks is read, and anything else is refused")
    func input() throws {
        let id = String(repeating: "a", count: 40)
        let zeros = String(repeating: "0", count: 40)
        let read = try PushedReference.read("\(zeros) \(id) refs/heads/a b\n\(id) \(zeros) refs/heads/x\n")
        #expect(read.map(\.name) == ["refs/heads/a b", "refs/heads/x"])
        #expect(read.map { $0.old == nil } == [true, false])
        #expect(try PushedReference.read("\n") == [])
        for text in ["x", "a b c", "\(id) \(id)", "\(id) zz refs/heads/x"] {
            #expect(throws: (any Error).self) { try PushedReference.read(text) }
        }
        let many = String(repeating: "\(zeros) \(id) refs/heads/x\n", count: 1001)
        #expect(throws: (any Error).self) { try PushedReference.read(many) }
    }
}

@Suite("What a push is told")
struct PushVerdictTests {
    @Test("At most ten lines, without what could do something to a terminal", arguments: [1, 7, 8, 9, 500])
    func lines(count: Int) {
        let verdict = PushVerdict.of(
            (0..<count).map { "a.sql:\($0): \u{1B}[31mred\n" + String(repeating: "x", count: 999) })
        #expect(!verdict.isAccepted)
        #expect(verdict.lines.count <= PushVerdict.lineLimit)
        #expect(verdict.lines.allSatisfy { $0.count <= 310 && !$0.contains("\u{1B}") && !$0.contains("\n") })
        let shown = verdict.lines.count { $0.hasPrefix("  a.sql") }
        #expect(shown == count || verdict.lines.contains("  and \(count - shown) more"))
    }

    @Test("What cannot be judged is refused or let through, as was said")
    func unable() {
        #expect(PushVerdict.of([]).isAccepted)
        #expect(!PushVerdict.unable("x", then: .reject).isAccepted)
        #expect(PushVerdict.unable("x", then: .accept).isAccepted)
    }
}

@Suite("Hooks in a repository")
struct HookInstallationTests {
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("The program installs what lies in hooks/", arguments: GitHook.allCases)
    func same(hook: GitHook) throws {
        let shipped = try String(contentsOf: Self.root.appending(path: "hooks/\(hook.rawValue)"), encoding: .utf8)
        #expect(hook.script == shipped)
    }

    @Test(
        "A hook of somebody else's is kept and comes back; doing it twice changes nothing", arguments: GitHook.allCases)
    func beside(hook: GitHook) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "hooks-\(UUID())").path()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let installation = HookInstallation(directory: directory)
        let path = "\(directory)/\(hook.rawValue)"
        #expect(try installation.install(hook, isDry: true) == [.write(path)])
        #expect(!FileManager.default.fileExists(atPath: path))
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try "#!/bin/dash\necho theirs\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try installation.install(hook) == [.keep(path, as: path + ".before-sluice"), .write(path)])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == hook.script)
        #expect(FileManager.default.isExecutableFile(atPath: path))
        #expect(try installation.install(hook) == [.none(path)])
        try (hook.script + "# older\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try installation.install(hook) == [.write(path)])
        #expect(try installation.uninstall(hook).count == 2)
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("theirs"))
        #expect(try installation.uninstall(hook) == [])
    }

    @Test("An installation that was broken off is finished by the next one, and there is a hook at each moment")
    func brokenOff() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "hooks-\(UUID())").path()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let files = FileManager.default
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let path = "\(directory)/pre-receive"
        let kept = path + HookInstallation.keptSuffix
        try "#!/bin/dash\necho theirs\n".write(toFile: path, atomically: true, encoding: .utf8)
        try files.linkItem(atPath: path, toPath: kept)
        let number = try files.attributesOfItem(atPath: kept)[.systemFileNumber] as? Int
        #expect(
            try HookInstallation(directory: directory).install(.preReceive) == [.keep(path, as: kept), .write(path)])
        #expect(
            try files.contentsOfDirectory(atPath: directory).sorted() == ["pre-receive", "pre-receive.before-sluice"])
        // The old one was linked and not moved, and its name taken over by renaming.
        #expect(try files.attributesOfItem(atPath: kept)[.systemFileNumber] as? Int == number)
        _ = try HookInstallation(directory: directory).uninstall(.preReceive)
        #expect(try files.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == number)
        #expect(try files.contentsOfDirectory(atPath: directory) == ["pre-receive"])
    }
}
