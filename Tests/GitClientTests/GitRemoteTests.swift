import Diagnostics
import GitClient
import Testing

@Suite struct GitRemoteTests {
    @Test(arguments: [
        ("https://example.org/a/b.git", "https://example.org/a/b.git", "example.org"),
        ("HTTPS://Example.ORG:8443/a", "https://Example.ORG:8443/a", "example.org"),
        ("ssh://git@example.org:29418/a", "ssh://git@example.org:29418/a", "example.org"),
        ("https://[2001:db8::1]:443/a", "https://[2001:db8::1]:443/a", "[2001:db8::1]"),
    ])
    func `an ordinary address is kept as it is`(text: String, address: String, host: String) throws {
        let remote = try GitRemote(text)
        #expect(remote.address == address)
        #expect(remote.host == host)
    }

    @Test func `a directory is an absolute path`() throws {
        #expect(try GitRemote("file:///srv/git/a.git").address == "/srv/git/a.git")
        #expect(try GitRemote(path: "/srv/git/a b.git").scheme == .file)
    }

    @Test(arguments: [
        "", "-", "--upload-pack=touch /tmp/x", "/srv/git/a.git", "../a", "host:path", "git@host:path",
        "ext::sh -c touch% /tmp/x", "EXT::x", "fd::17", "ext::https://a/b", "ftp://a/b", "git://a/b",
        "javascript://a/b",
        "https://", "https:///a", "https://host", "https://host/", "https://-oProxyCommand=x/a",
        "ssh://-oProxyCommand=x/a",
        "ssh://-x@host/a", "https://user:hunter2@host/a", "https://a@b@c/d", "https://@host/a", "https://host:99999/a",
        "https://host:port/a", "https://host/a b", "https://host/a\nb", "https://host/a\0", "https://host\\@evil/a",
        "https://host/a?b", "https://host/a#b", "https://ho%73t/a", "https://hоst/a", "file://host/a", "file:///a/../b",
        "file://a", "https://[::1/a", "https://[]/a", "https://[::1]x/a", "ssh://host$(id)/a", "ssh://`id`/a",
    ])
    func `B-03: an address that git could take for something else is refused`(text: String) {
        let error = #expect(throws: SluiceError.self) { try GitRemote(text) }
        #expect(error?.code == "git.url-invalid")
        #expect(error?.debugDescription.contains("hunter2") == false)
    }

    @Test(arguments: ["", "relative", "./a", "/a/../b", "/..", "/a\nb", "--help"])
    func `a directory is not given relatively`(path: String) {
        #expect(throws: SluiceError.self) { try GitRemote(path: path) }
    }
}
