import DesiredState
import Diagnostics
import GitClient
import Puppetfile
import TestSupport
import Testing

@testable import ReleasePromotion

@Suite("Checks of a tree's content")
struct ContentCheckTests {
    private static let tree = ObjectID(exactly: String(repeating: "1", count: 40))

    private func report(
        _ files: [String: String], mode: GitFileMode = .regular, checks: ControlChecks = ControlChecks()
    ) throws -> TreeReport {
        let tree = try #require(Self.tree)
        let files = files.sorted { $0.key < $1.key }.map {
            GitFile(path: $0.key, mode: mode, id: tree, bytes: Array($0.value.utf8))
        }
        return ContentCheck(checks: checks).report(on: TreeContents(tree: tree, files: files, checks: checks))
    }

    @Test("A sound tree is accepted, and its modules are known")
    func sound() throws {
        let report = try report([
            "Puppetfile": "mod 'a/ntp', '1.0.0'\n", "data/common.yaml": "---\na: &x {b: 1}\nc: {<<: *x}\n",
            "hiera.yaml": "---\nversion: 5\n", "data/nodes/x.yml": "secret: !ruby/sym x\n",
        ])
        #expect(report.isAccepted && report.findings.isEmpty && report.unchecked.isEmpty)
        #expect(report.puppetfile?.modules.map(\.name) == ["ntp"])
    }

    @Test(
        "A mistake is found where it is",
        arguments: [
            ("Puppetfile", "mod 'ntp', '1.0.0'", "puppetfile.owner-missing", "Puppetfile:1:1"),
            ("data/a.yaml", "a: 1\nb: [", "check.yaml-syntax", "data/a.yaml:3:1"),
            ("data/a/b.eyaml", "a: 1\na: 2\n", "check.duplicate-key", "data/a/b.eyaml:2:1"),
            ("hiera.yaml", "<<<<<<< HEAD\na: 1\n", "check.yaml-syntax", "hiera.yaml"),
            ("data/a.yaml", "a:\n  b: 1\n  b: 2\n", "check.duplicate-key", "data/a.yaml:3:3"),
        ])
    func mistakes(_ path: String, _ text: String, _ code: String, _ place: String) throws {
        let report = try report([path: text])
        #expect(report.findings.map(\.code) == [code])
        #expect(report.findings.first?.location.description.hasPrefix(place) == true, "\(report.findings)")
        #expect(!report.isAccepted)
    }

    @Test("Only what is named is read: other YAML may be anything")
    func elsewhere() throws {
        #expect(try report(["site/x.yaml": "a: [", "database/x.yaml": "a: [", "data.yaml": "a: ["]).findings.isEmpty)
        let checks = ControlChecks(puppetfile: "control/Puppetfile", data: ["site"])
        #expect(try report(["site/x.yaml": "a: [", "Puppetfile": "("], checks: checks).findings.count == 1)
    }

    @Test("Links and submodules are not followed but refused", arguments: [GitFileMode.symbolicLink, .gitlink])
    func links(mode: GitFileMode) throws {
        let report = try report(["Puppetfile": "/etc/passwd", "data/a.yaml": "../../etc/shadow"], mode: mode)
        #expect(report.findings.map(\.code) == ["check.not-a-file", "check.not-a-file"])
    }

    @Test("The policy decides what pins count for that move", arguments: ControlChecks.Policy.allCases)
    func movingPins(policy: ControlChecks.Policy) throws {
        let report = try report(["Puppetfile": "mod 'a/b', :latest"], checks: ControlChecks(movingPins: policy))
        #expect(report.isAccepted == (policy != .refuse))
        #expect(report.findings.isEmpty == (policy == .allow))
    }

    @Test("A file that is too much to read is said not to be checked")
    func unread() throws {
        let bomb = (0..<40).map { "a\($0): &a\($0) [\(String(repeating: "*a\($0 - 1), ", count: $0 == 0 ? 0 : 9))]" }
        let report = try report(["data/bomb.yaml": bomb.joined(separator: "\n"), "data/fine.yaml": "a: 1\n"])
        #expect(report.isAccepted && report.unchecked.map(\.check) == [.data])
        #expect(report.description.contains("not checked: data: data/bomb.yaml"))
    }

    @Test("What Ruby reads and the parser here does not is no mistake, and said not to be checked")
    func mergedTwice() throws {
        let report = try report(["data/a.yaml": "a: &a {x: 1}\nb: &b {y: 1}\nc:\n  <<: *a\n  <<: *b\n"])
        #expect(report.isAccepted && report.unchecked.map(\.check) == [.data])
    }

    @Test("A path cannot pass for a line of the report")
    func lines() throws {
        let report = try report(["data/a\nnot checked: lint: x.yaml": "a: ["])
        #expect(!report.description.contains("\n"))
    }
}
