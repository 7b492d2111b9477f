import DesiredState
import Diagnostics
import Testing

@testable import UpstreamTracking

@Suite("Taking over items of patch-tracking")
struct TrackingImportTests {
    private static func item(_ repo: String = "org/b", _ scmRepo: String = "A/B", commit: String? = nil) -> TrackingItem
    {
        TrackingItem(
            versionControl: "github", scmRepo: scmRepo, scmBranch: "main", scmCommit: commit, repo: repo,
            branch: "master",
            enabled: true)
    }

    private static func there(_ name: String, forge: String) -> JSONValue {
        [
            "metadata": ["name": .string(name), "labels": ["team": "base"], "annotations": ["note": "ours"]],
            "spec": [
                "source": ["url": "https://github.com/A/B", "branch": "old"],
                "package": ["forge": .string(forge), "project": "org/b", "branch": "master", "sources": "src"],
                "interval": "600s", "ignore": ["paths": ["docs"]],
            ],
        ]
    }

    @Test("an upstream that is there keeps what an item has no word for")
    func keeps() throws {
        var upstreams = TrackingImport(on: "gitee", beside: [Self.there("mine", forge: "gitee")], every: 60)
        let commit = String(repeating: "a", count: 40)
        let manifest = try upstreams.manifest(of: Self.item(commit: commit))
        #expect(manifest["metadata"]?["name"] == "mine")
        #expect(manifest["metadata"]?["labels"] == ["team": "base"])
        #expect(manifest["metadata"]?["annotations"]?["note"] == "ours")
        let json = try #require(manifest["spec"])
        let spec = try #require(try ResourceSpec(kind: .upstream, json: json).upstream)
        #expect(spec.source.branch == "main" && spec.source.start == commit)
        #expect(spec.package.sources == "src" && spec.ignore.paths == ["docs"] && spec.interval == .seconds(600))
        #expect(spec.patches.edit == .none)
    }

    @Test("the same project on another forge is another package, and the other's name is not taken")
    func forges() throws {
        var upstreams = TrackingImport(on: "gitee", beside: [Self.there("b", forge: "gitlab")])
        let manifest = try upstreams.manifest(of: Self.item())
        #expect(manifest["metadata"]?["name"] != "b")
        #expect(manifest["spec"]?["package"]?["forge"] == "gitee")
        #expect(manifest["metadata"]?["labels"] == nil)
    }

    @Test("a second item of the same branch is refused, and new ones never have the same name")
    func twice() throws {
        var upstreams = TrackingImport(on: "gitee")
        let first = try upstreams.manifest(of: Self.item())
        #expect(throws: SluiceError.self) { try upstreams.manifest(of: Self.item("https://gitee.com/org/b")) }
        let other = try upstreams.manifest(of: Self.item("more/b"))
        #expect(first["metadata"]?["name"] != other["metadata"]?["name"])
    }

    @Test("an item that is not understood keeps no other from being read")
    func partly() throws {
        let good = Self.item().json
        let text = JSONValue.array([good, ["version_control": "svn"], good]).canonicalText
        let items = try TrackingItemFile.items(text, name: "items.json")
        #expect(items.map { (try? $0.get()) != nil } == [true, false, true])
        #expect(throws: SluiceError.self) { try TrackingItemFile.items("[", name: "items.json") }
    }
}
