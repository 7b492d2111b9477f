import Testing

@testable import UpstreamTracking

@Suite("Spec files of RPM")
struct SpecFileTests {
    static let spec = """
        Name: tool
        Version: 1.2
        Release: 4%{?dist}
        Source0: tool.tar.gz
        Patch1: old.patch

        %description
        A tool.

        %package devel
        Release: 9

        %prep
        %setup -q
        %patch1 -p1

        %build
        make

        %changelog
        * Thu Jan 01 2026 Somebody <s@example.org> - 1.2-4
        - begin

        """

    private static func edited(_ text: String, _ files: [String] = ["a.patch", "b.patch"]) throws -> String {
        var spec = try #require(SpecFile(Array(text.utf8)))
        spec.add(files, from: 6000, entry: ["Fix 100% of it"], seconds: 1_767_294_245)
        return String(decoding: spec.bytes, as: UTF8.self)
    }

    @Test("1.7.12 patches, the release, the preparation and the changelog are edited, and nothing else")
    func whole() throws {
        let expected = Self.spec
            .replacing("Release: 4%", with: "Release: 5%")
            .replacing("old.patch\n", with: "old.patch\nPatch6000: a.patch\nPatch6001: b.patch\n")
            .replacing("%patch1 -p1\n", with: "%patch1 -p1\n%patch -P 6000 -p1\n%patch -P 6001 -p1\n")
            .replacing(
                "%changelog\n",
                with: "%changelog\n* Thu Jan 01 2026 Sluice <sluice@localhost> - 1.2-5\n- Fix 100%% of it\n\n")
        #expect(try Self.edited(Self.spec) == expected)
    }

    @Test(
        "1.7.12 what a macro does is left to it",
        arguments: [
            ("Release: 4%{?dist}", "Release: %autorelease", "Release: %autorelease"),
            ("%setup -q\n%patch1 -p1", "%autosetup -p1", "%autosetup -p1\n\n%build"),
            ("%changelog\n", "%changelog\n%autochangelog\n", "%changelog\n%autochangelog\n"),
            ("Release: 4%{?dist}", "Release: 1.2", "Release: 2.2"),
            ("Patch1: old.patch", "Patch6007: old.patch", "Patch6008: a.patch"),
            ("Patch1: old.patch\n", "", "Source0: tool.tar.gz\nPatch6000: a.patch"),
            ("Patch1: old.patch", "Patch: old.patch", "Patch: old.patch\nPatch6000: a.patch"),
        ])
    func macros(_ old: String, _ new: String, _ expected: String) throws {
        #expect(try Self.edited(Self.spec.replacing(old, with: new)).contains(expected))
    }

    @Test("a file that is no spec file, or no text, ends in no trap")
    func odd() throws {
        for text in [
            "", "\n", "%prep", "%changelog", "Release:", "Release: 99999999999999999999", "Patch\n:", "%prep\n%setup",
        ] {
            #expect(try Self.edited(text).contains("Patch6000: a.patch"))
        }
        #expect(SpecFile([0xFF, 0xFE]) == nil)
        #expect(SpecFile([0x41, 0]) == nil)
    }
}
