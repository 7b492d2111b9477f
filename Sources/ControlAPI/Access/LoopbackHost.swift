import Diagnostics

/// Names of this machine that no name server has a say in.
enum LoopbackHost {
    /// Whether a host name or address is the loopback interface's.
    static func matches(_ host: String) -> Bool {
        ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host.lowercased())
            || host.wholeMatch(of: /127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}/) != nil
    }

    /// Whether an authority (`host`, `host:port`) is the loopback interface's; so is none, as old clients send none.
    static func matches(authority: String?) -> Bool {
        guard let authority, !authority.isEmpty else { return true }
        if authority.begins(with: "[") { return matches(String(authority.prefix { $0 != "]" }) + "]") }
        return matches(String(authority.prefix { $0 != ":" }))
    }
}
