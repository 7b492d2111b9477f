import DesiredState
import Forges
import Foundation
import GitClient
import PatchSeries
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("Patches that a package carries")
struct CarriedPatchesTests {
    @Test("a change of a line that a merged patch has changed before fits: the package applies what it carries")
    func sameLine() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            try await world.merge()
            try await world.look()
            #expect(try await world.condition().reason == "UpToDate")

            try await world.commit([3: "tres"], "Say tres")
            try await world.commit([3: "trois"], "Say trois")
            try await world.look()
            #expect(try await world.status().patches.map(\.status) == [.clean, .clean])
            #expect(try await world.condition().reason == "Proposed")
        }
    }

    @Test("after patches that fit, one that does not is still looked at as git would merge it")
    func merging() async throws {
        try await UpstreamWorld.with(package: ["main.c": UpstreamWorld.text([8: "acht"])]) { world in
            try await world.look()
            try await world.commit([20: "twenty"], "Say twenty")
            try await world.commit([6: "six", 20: "twenty"], "Say six")
            try await world.look()
            let rows = try await world.status().patches
            #expect(rows.map(\.status) == [.clean, .conflict])
            #expect(rows.last?.reason?.hasSuffix("git merges it without a conflict") == true, "\(rows)")
        }
    }

    @Test("1.7.7 the second merge request goes on where the first one's numbers end, and stays there while it is open")
    func numbers() async throws {
        try await UpstreamWorld.with(
            package: ["main.c": UpstreamWorld.text(), "tool.spec": .text(SpecFileTests.spec)],
            { $0.changing(PatchPlacement(folder: "patches", edit: .rpm(spec: "tool.spec", firstNumber: 6000))) }
        ) { world in
            func names() async throws -> [String] {
                try await world.packageRepository.git("ls-tree", "--name-only", "\(UpstreamWorld.branch):patches")
                    .split(separator: "\n").map { String($0.prefix(5)) }
            }
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            try await world.merge()
            try await world.look()
            let second = try await world.commit([3: "three", 9: "nine"], "Say nine")
            try await world.look()
            #expect(try await names() == ["0001-", "0002-"])
            let third = try await world.commit([3: "three", 9: "nine", 20: "twenty"], "Say twenty")
            try await world.look()
            #expect(try await names() == ["0001-", "0002-", "0003-"])
            let spec = try await world.file("tool.spec")
            #expect(spec.contains("Patch6001: patches/0002-\(second.abbreviated)-Say-nine.patch\n"))
            #expect(spec.contains("Patch6002: patches/0003-\(third.abbreviated)-Say-twenty.patch\n"))
            #expect(spec.contains("Release: 6%"))
        }
    }

    @Test("patches are applied in the order that the package's own list says, and others in its folder are not")
    func order() async throws {
        func patch(_ old: String, _ new: String) -> ScriptedFile {
            .text("--- a/main.c\n+++ b/main.c\n@@ -19,3 +19,3 @@\n line 19\n-\(old)\n+\(new)\n line 21\n")
        }
        try await UpstreamWorld.with(
            package: [
                "main.c": UpstreamWorld.text(), "debian/patches/b": patch("line 20", "twenty"),
                "debian/patches/a.patch": patch("twenty", "zwanzig"),
                "debian/patches/0007-unused.patch": patch("line 20", "x"),
                "debian/patches/series": "# what we have\nb -p1\na.patch\n",
            ],
            { $0.changing(PatchPlacement(edit: .quilt(series: "debian/patches/series"))) }
        ) { world in
            try await world.look()
            try await world.commit([20: "zwanzig"])
            let last = try await world.commit([3: "three", 20: "zwanzig"], "Say three")
            try await world.look()
            #expect(try await world.status().patches.map(\.status) == [.alreadyApplied, .clean])
            #expect(
                try await world.file("debian/patches/series")
                    == "# what we have\nb -p1\na.patch\n0008-\(last.abbreviated)-Say-three.patch")
        }
    }

    @Test(
        "a spec file says which patches are applied, and in which order",
        arguments: [
            ("Patch1: old.patch", "Patch1: old.patch\nPatch2: %{name}-%{version}.patch", ["old.patch"]),
            ("%patch1 -p1", "%autosetup -p1", ["old.patch"]),
            ("%setup -q\n%patch1 -p1", "%autosetup\n", ["old.patch"]),
            ("%patch1 -p1", "git am %{patches}", ["old.patch"]),
            ("Patch1: old.patch", "", []),
            ("Patch1: old.patch", "Patch: a\nPatch: %{x}.patch", ["%{x}.patch"]),
            ("%patch1 -p1", "%patch99999999999999999999\n%patch -P", ["old.patch"]),
            ("Patch1: old.patch", "Patch9223372036854775807: a", []),
        ])
    func specs(_ old: String, _ new: String, _ expected: [String]) throws {
        #expect(try #require(SpecFile(Array(SpecFileTests.spec.replacing(old, with: new).utf8))).patches == expected)
        let several = SpecFileTests.spec
            .replacing("Patch1: old.patch", with: "Patch1: old.patch\nPatch2: %{name}-%{version}.patch\nPatch3: c")
            .replacing("%patch1 -p1", with: "%patch3 -p1\n%patch 2 -p1\n%patch -p1 -P 1")
        #expect(try #require(SpecFile(Array(several.utf8))).patches == ["c", "tool-1.2.patch", "old.patch"])
    }
}

extension UpstreamSpec {
    /// The same with patches elsewhere.
    fileprivate func changing(_ patches: PatchPlacement) -> UpstreamSpec {
        UpstreamSpec(source: source, package: package, patches: patches, ignore: ignore)
    }
}
