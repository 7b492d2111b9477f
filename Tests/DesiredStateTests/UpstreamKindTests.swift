import DesiredState
import Foundation
import Testing

@Suite("The kind Upstream")
struct UpstreamKindTests {
    private static func document(_ spec: String) -> String {
        "\(Sample.forge)---\napiVersion: sluice.dev/v1alpha1\nkind: Upstream\nmetadata: {name: tool}\nspec: {\(spec)}\n"
    }

    private static let package = "package: {forge: local, project: packages/tool, branch: master}"
    private static let source = "source: {url: \"https://git.example.org/tool.git\", branch: main}"

    @Test("Everything that is written is read back as it was")
    func roundTrip() throws {
        let specs = [
            UpstreamSpec(
                source: UpstreamSource(
                    place: .project(forge: "local", project: "up/tool"), branch: "main",
                    start: String(repeating: "a1", count: 20)),
                package: TrackedPackage(forge: "local", project: "packages/tool", branch: "master", sources: "."),
                interval: .seconds(60), series: .firstParent,
                patches: PatchPlacement(folder: "patches", edit: .rpm(spec: "tool.spec", firstNumber: 100)),
                ignore: IgnoreRules(paths: ["docs"], authors: ["*bot*"], subjects: ["WIP*"]), rewritten: .follow,
                cooldown: .seconds(3600), labels: ["upstream"], reviewers: ["dora"],
                suspension: Suspension(reason: "freeze")),
            UpstreamSpec(
                source: UpstreamSource(place: .url("ssh://git@git.example.org/tool.git"), branch: "main"),
                package: TrackedPackage(forge: "local", project: "packages/tool", branch: "master"),
                patches: PatchPlacement(edit: .quilt(series: "debian/patches/series"))),
        ]
        for spec in specs {
            let json = ResourceSpec.upstream(spec).json
            #expect(try ResourceSpec(kind: .upstream, json: json) == .upstream(spec))
        }
    }

    @Test("Quilt's patches go where its series is, unless another place below is named")
    func quilt() {
        let series = PatchPlacement.Edit.quilt(series: "debian/patches/series")
        #expect(PatchPlacement(edit: series).prefix == "debian/patches/")
        #expect(PatchPlacement(folder: "debian/patches/upstream", edit: series).prefix == "debian/patches/upstream/")
        #expect(PatchPlacement(edit: .quilt(series: "series")).prefix.isEmpty)
        #expect(PatchPlacement(folder: "p").prefix == "p/")
        let below = "patches: {folder: debian/patches/upstream, edit: {quilt: {}}}"
        #expect(findings(in: Self.document("\(Self.source), \(Self.package), \(below)")) == [])
    }

    @Test("The least that is needed is a source and a package")
    func least() {
        #expect(findings(in: Self.document("\(Self.source), \(Self.package)")) == [])
    }

    @Test(
        "A mistake is told with its place and what to write instead",
        arguments: [
            ("source: {branch: main}, \(package)", "expected either \"url\", or \"forge\" and \"project\""),
            (
                "source: {url: \"https://h/t.git\", forge: local, project: up/tool, branch: main}, \(package)",
                "expected either \"url\", or \"forge\" and \"project\""
            ),
            ("source: {url: \"https://me:secret@h/t.git\", branch: main}, \(package)", "the address holds credentials"),
            ("source: {url: \"ext::sh -c x\", branch: main}, \(package)", "expected an address such as"),
            ("source: {url: \"file:///srv/git/t.git\", branch: main}, \(package)", "is named by a Forge of type local"),
            ("source: {url: \"git://me:secret@h/t.git\", branch: main}, \(package)", "git:// is not fetched from"),
            ("source: {forge: nowhere, project: up/tool, branch: main}, \(package)", "there is no Forge"),
            ("\(source), package: {forge: nowhere, project: p, branch: master}", "there is no Forge"),
            (
                "\(source), package: {forge: local, project: p, branch: patch-tracking/tool/main}",
                "branches below patch-tracking/"
            ),
            ("\(source), \(package), patches: {edit: {rpm: {spec: a.spec}, quilt: {}}}", "one of the keys"),
            (
                "\(source), \(package), patches: {folder: patches, edit: {quilt: {}}}",
                "no patches outside the folder of its series, debian/patches/"
            ),
            ("\(source), \(package), patches: {folder: ../x}", "a path inside the repository"),
            ("\(source), \(package), cursor: abc", "unknown key"),
            ("\(source), \(package), series: squashed", "did you mean \"squash\"?"),
        ])
    func mistakes(_ spec: String, _ words: String) {
        let found = findings(in: Self.document(spec))
        #expect(found.count == 1)
        #expect(found.first?.contains(words) == true, "\(found)")
        #expect(found.first?.contains("secret") != true)
    }
}
