import Diagnostics

/// Who may come in. With a token: whoever has it. Without: whoever is on this machine, but not a web page that a
/// browser on this machine happens to show, which could otherwise reach the interface by a name that resolves here.
struct AccessPolicy: Sendable {
    /// What must be carried; nil on a loopback interface without a token.
    let token: Secret<String>?

    /// Throws unless the request may come in.
    func check(_ head: RequestHead, for surface: Route.Surface) throws(CallFailure) {
        if surface == .health || surface == .webhooks { return }
        if let token {
            let credentials = Self.credentials(in: head)
            guard credentials.contains(where: { $0 == token }) else {
                throw credentials.isEmpty ? .unauthorized : .wrongToken
            }
        } else {
            guard LoopbackHost.matches(authority: head.authority), Self.originIsLocal(head) else {
                throw .foreignOrigin
            }
        }
    }

    /// What the request carries: `Authorization: Bearer …`, `X-Access-Token: …`.
    private static func credentials(in head: RequestHead) -> [Secret<String>] {
        var found: [Secret<String>] = []
        if let value = head["Authorization"] {
            let parts = value.split(separator: " ", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "bearer" { found.append(Secret(String(parts[1]))) }
        }
        if let value = head["X-Access-Token"] { found.append(Secret(value)) }
        return found
    }

    private static func originIsLocal(_ head: RequestHead) -> Bool {
        guard let origin = head["Origin"] else { return true }
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            return LoopbackHost.matches(authority: String(origin.dropFirst(scheme.count)))
        }
        return false
    }
}

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
        if authority.hasPrefix("[") { return matches(String(authority.prefix { $0 != "]" }) + "]") }
        return matches(String(authority.prefix { $0 != ":" }))
    }
}
