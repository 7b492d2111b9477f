import DesiredState
import Diagnostics
import GitClient
import Testing

@testable import UpstreamTracking

@Suite("Items of patch-tracking")
struct TrackingItemTests {
    private static func item(
        _ change: (inout TrackingItem) -> Void = { _ in }
    ) -> TrackingItem {
        var item = TrackingItem(
            versionControl: "github", scmRepo: "A/B", scmBranch: "master", repo: "src-openeuler/B", branch: "master",
            enabled: true)
        change(&item)
        return item
    }

    @Test(
        "an upstream is fetched from where the item meant",
        arguments: [
            ("github", "A/B", "https://github.com/A/B"),
            ("github", "https://github.com/A/B", "https://github.com/A/B"),
            ("git", "https://gitee.com/A/B.git", "https://gitee.com/A/B.git"),
            ("git", "git@example.org:A/B.git", "ssh://git@example.org/A/B.git"),
            ("git", "git://example.org/A/B.git", nil), ("git", "A/B", nil), ("github", "A", nil),
        ] as [(String, String, String?)])
    func sources(_ control: String, _ written: String, _ url: String?) {
        let item = Self.item {
            $0.versionControl = control
            $0.scmRepo = written
        }
        #expect((try? item.sourceURL) == url)
    }

    @Test("an item with an address of git's own protocol is refused with the reason")
    func plainGit() throws {
        let item = Self.item {
            $0.versionControl = "git"
            $0.scmRepo = "git://example.org/A/B.git"
        }
        let error = #expect(throws: SluiceError.self) { try item.sourceURL }
        #expect(error?.message.contains("nothing proves who answers") == true)
    }

    private static func items(_ text: String, name: String) throws -> [TrackingItem] {
        try TrackingItemFile.items(text, name: name).map { try $0.get() }
    }

    @Test("an item becomes a manifest that is accepted, and is read back from it as it was written")
    func roundTrip() throws {
        let commit = String(repeating: "a", count: 40)
        for item in [
            Self.item(),
            Self.item {
                $0.scmCommit = commit
                $0.repo = "https://gitee.com/src-openeuler/B"
                $0.enabled = false
            },
            Self.item {
                $0.versionControl = "git"
                $0.scmRepo = "git@example.org:A/B.git"
                $0.branch = "openEuler-20.03-LTS"
            },
        ] {
            let manifest = try item.manifest(named: item.name(), forge: "gitee", every: 3600)
            let kind = ResourceKind.upstream
            let resource = try Resource(
                kind: kind, name: item.name(), metadata: manifest["metadata"] ?? [:], spec: manifest["spec"] ?? [:])
            let spec = try #require(resource.spec.upstream)
            #expect(spec.package.project == "src-openeuler/B")
            #expect(spec.patches.edit == .rpm(spec: "B.spec", firstNumber: 6000))
            let read = TrackingItem(spec, annotations: manifest["metadata"]?["annotations"], cursor: nil)
            #expect(read == item)
        }
    }

    @Test("names are those of the packages, told apart by branch, and never taken twice")
    func names() {
        #expect(Self.item().name() == "b")
        let lts = Self.item { $0.branch = "openEuler-20.03-LTS" }
        #expect(lts.name() == "b-openeuler-20-03-lts")
        let other = Self.item { $0.repo = "other/B" }
        #expect(other.name(apartFrom: ["b"]).hasPrefix("b-"))
        #expect(other.name(apartFrom: ["b"]) != Self.item().name(apartFrom: ["b"]))
        #expect(Self.item { $0.repo = "org/汉字" }.name().hasPrefix("package-"))
        #expect(Self.item { $0.repo = String(repeating: "x", count: 400) }.name().utf8.count <= 63)
    }

    @Test("a file is read as whoever wrote it meant it, with quotes and comments, and what is wrong in it is named")
    func files() throws {
        let text = """
            # the package: B
            version_control: github
            scm_repo: "A/B"   # upstream
            scm_branch: master
            scm_commit:
            repo: https://gitee.com/src-openeuler/B
            branch: 'master'
            enabled: True
            """
        let items = try Self.items(text, name: "b.yaml")
        #expect(items == [Self.item { $0.repo = "https://gitee.com/src-openeuler/B" }])
        for (change, words) in [
            ("enabled: True", "enabled: maybe"), ("version_control: github", "version_control: svn"),
            ("scm_branch: master\n", ""), ("scm_branch: master", "scm_branch master"),
            ("scm_commit:", "scm_commit: abc"), ("enabled: True", "enabled: True\nenabled: True"),
            ("enabled: True", "enabled: True\ncolour: blue"),
        ] {
            #expect(throws: SluiceError.self) {
                try Self.items(text.replacing(change, with: words), name: "b.yaml")
            }
        }
    }

    @Test("what the old server lists is read with the commits that its packages have")
    func listing() throws {
        let commit = String(repeating: "b", count: 40)
        let text = """
            {"code": "2001", "msg": "Successful Operation!", "data": [{"version_control": "github", "scm_repo": "A/B",
            "scm_branch": "master", "scm_commit": "\(commit)", "repo": "src-openeuler/B", "branch": "master", "enabled": true}]}
            """
        #expect(try Self.items(text, name: "items.json") == [Self.item { $0.scmCommit = commit }])
    }

    @Test("settings are read and never executed, and what is not taken over is named with what to do")
    func settings() {
        let settings = TrackingSettings(
            """
            LISTEN = "127.0.0.1:5001"
            GITHUB_ACCESS_TOKEN = "secret-one"
            GITEE_ACCESS_TOKEN = "secret-two"
            SCAN_DB_INTERVAL = 3600
            USER = "admin"
            PASSWORD = "pbkdf2:sha256:150000$w38eLeRm$ebb5"
            import os
            """)
        #expect(settings.interval == 3600 && settings.user == "admin")
        #expect(settings.passwordHash?.hasPrefix("pbkdf2:sha256:150000$") == true)
        #expect(settings.left.count == 4)
        #expect(!settings.left.joined().contains("secret"))
    }

    @Test("whatever fails while an item is taken, asking again gives the order that was not given")
    func steps() throws {
        let (old, new) = (String(repeating: "a", count: 40), String(repeating: "b", count: 40))
        let item = Self.item { $0.scmCommit = new }
        let (cursor, wanted) = (try ObjectID(old), TrackingCommand.moveCursor(to: try ObjectID(new)))
        for failing in 0...3 {
            var (start, orders): (String?, [TrackingCommand]) = (old, [])
            for limit in [failing, .max] {
                for (index, step) in item.steps(start: start, cursor: cursor).enumerated() where index < limit {
                    switch step {
                    case .apply(let item): start = item.scmCommit ?? start
                    case .order(let command): orders.append(command)
                    }
                }
            }
            #expect(start == new && Set(orders) == [wanted], "failing at \(failing)")
        }
        #expect(Self.item().steps(start: old, cursor: cursor) == [.apply(Self.item())])
        #expect(item.steps(start: new, cursor: cursor) == [.apply(item)], "it always had this commit")
        #expect(item.steps(start: old, cursor: try ObjectID(new)) == [.apply(item)])
    }
}
