import Diagnostics
import Puppetfile
import Testing

private let commit = "60eb34be6d5744f5bb7d60579e93428590a0a0a0"
private let digest = "aedd6dc1a5136c6a1a1ec2f285df2a70b0fe4c9effb254b5a1f58116e4c1659e"

@Suite("What modules a Puppetfile asks for")
struct ModuleTests {
    @Test(
        "A pin that only a commit here can change is static",
        arguments: [
            ("mod 'a/b', '1.2.3'", ModulePin.version("1.2.3")),
            ("mod 'a-b', \"1.2.3-rc.1+5\"", .version("1.2.3-rc.1+5")),
            ("mod('a/b', '1.2.3')", .version("1.2.3")),
            ("mod 'a/b', type: 'forge', version: '1.2.3'", .version("1.2.3")),
            ("mod 'a/b', type: :forge, version: '1.2.3'", .version("1.2.3")),
            ("mod 'a', git: 'u', commit: '\(commit)'", .commit(commit)),
            ("mod 'a', git: 'u', commit: '\(commit.uppercased())'", .commit(commit)),
            ("mod 'a', git: 'u', ref: '\(commit)'", .commit(commit)),
            ("mod 'a', type: 'git', source: 'u', version: '\(commit)'", .commit(commit)),
            ("mod 'a', :git => 'u', :tag => 'v1.0'", .tag("v1.0")),
            ("mod 'a', {git: 'u', tag: 'v1',}", .tag("v1")),
            ("mod('a', {git: 'u', tag: 'v1'},)", .tag("v1")),
            ("mod 'a', svn: 'u', rev: 12", .revision("12")),
            ("mod 'a', svn: 'u', revision: '12', username: 'me', password: 'it'", .revision("12")),
            ("mod 'a', type: 'tarball', source: 'u', version: '\(digest)'", .digest(digest)),
            ("mod 'a', local: true", .committed),
            ("mod 'a', type: 'local'", .committed),
        ])
    func staticPins(_ text: String, _ pin: ModulePin) {
        let reading = read(text, .refuse)
        #expect(reading.isAccepted, "\(reading.findings)")
        #expect(reading.puppetfile.modules.map(\.pin) == [pin])
        #expect(!pin.isMoving)
    }

    @Test(
        "A pin that follows something else moves",
        arguments: [
            ("mod 'a/b'", ModulePin.unspecified), ("mod 'a/b', nil", .unspecified), ("mod 'a/b', :latest", .latest),
            ("mod 'a', git: 'u', branch: 'main'", .branch("main")),
            ("mod 'a', git: 'u', ref: 'origin/2.x'", .reference("origin/2.x")),
            ("mod 'a', git: 'u', ref: '60eb34b'", .reference("60eb34b")),
            ("mod 'a', git: 'u', default_branch: 'main'", .defaultBranch("main")),
            ("mod 'a', git: 'u', branch: :control_branch", .controlBranch(fallback: nil)),
            (
                "mod 'a', git: 'u', branch: :control_branch, default_branch: 'main'",
                .controlBranch(fallback: "main")
            ),
            ("mod 'a', svn: 'u'", .unspecified), ("mod 'a', type: 'tarball', source: 'u'", .unspecified),
        ])
    func movingPins(_ text: String, _ pin: ModulePin) {
        #expect(read(text).puppetfile.modules.map(\.pin) == [pin])
        #expect(pin.isMoving)
        #expect(read(text, .accept).codes == [])
        #expect(read(text, .warn).codes == ["(moving-pin)"] && read(text, .warn).isAccepted)
        #expect(read(text, .refuse).codes == ["moving-pin"] && !read(text, .refuse).isAccepted)
    }

    @Test("A module is installed without its owner, below the last moduledir or where it says itself")
    func places() throws {
        let reading = read(
            """
            forge 'https://forge.example.org'
            mod 'puppetlabs/stdlib', '9.0.0'
            moduledir 'thirdparty'
            mod 'ntp', git: 'https://git.example.org/ntp', tag: '1'
            mod 'site', git: 'https://git.example.org/site', tag: '1', install_path: 'lib/../site'
            """)
        #expect(reading.isAccepted)
        let modules = reading.puppetfile.modules
        #expect(modules.map(\.name) == ["stdlib", "ntp", "site"])
        #expect(modules.map(\.owner) == ["puppetlabs", nil, nil])
        #expect(modules.map(\.directory) == ["modules", "thirdparty", "lib/../site"])
        #expect(modules.map(\.location.line) == [2, 4, 5])
        #expect(modules.map(\.source.kind) == [.forge, .git, .git])
        #expect(reading.puppetfile.module(named: "ntp")?.source == .git(address: "https://git.example.org/ntp"))
    }

    @Test(
        "One version of the Forge is a version, a range or a part of one is none",
        arguments: [
            ("1.0.0-0a", true), ("1.0.0-a.b", true), ("1.0.0+a.b-c", true), ("99999999999999999999.0.0", true),
            ("latest", false), (">= 1.0.0", false), ("~> 5.6", false), ("8.x", false), ("8.5", false),
            ("v1.0.0", false),
            ("01.0.0", false), ("1.0.0-", false), ("1.0.0-01", false), ("1.0.0-a_b", false), (" 1.0.0", false),
            ("1.0.0 ", false), ("1.0.0\u{301}", false), ("１.0.0", false), ("", false),
        ])
    func versions(_ version: String, _ isValid: Bool) {
        #expect(read("mod 'a/b', '\(version)'").codes == (isValid ? [] : ["invalid-version"]))
    }

    @Test("Two Puppetfiles are compared module by module")
    func comparison() {
        let old = read(
            """
            mod 'a/kept', '1.0.0'
            mod 'a/raised', '1.0.0'
            mod 'a/gone', '1.0.0'
            mod 'moved', git: 'u', tag: '1'
            mod 'a/taken', '1.0.0'
            """)
        let new = read(
            """
            mod 'a/raised', '1.1.0'
            mod 'a/kept', '1.0.0' # on another line
            mod 'new', git: 'u', commit: '\(commit)'
            mod 'moved', git: 'https://elsewhere.example.org', tag: '1'
            mod 'b/taken', '1.0.0'
            """)
        let comparison = PuppetfileComparison(from: old.puppetfile, to: new.puppetfile)
        #expect(
            comparison.changes.map(\.description) == [
                "gone: removed, was 1.0.0", "moved: tag 1, from another source", "new: added at \(commit)",
                "raised: 1.0.0 → 1.1.0", "taken: 1.0.0, from another source",
            ])
        #expect(PuppetfileComparison(from: old.puppetfile, to: old.puppetfile).changes.isEmpty)
    }
}
