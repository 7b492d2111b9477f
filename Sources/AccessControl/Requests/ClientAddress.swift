import Diagnostics

/// From where a request comes.
public struct ClientAddress: Hashable, Sendable {
    private let trusted: [AddressRange]

    /// Makes a rule.
    /// - Parameter trustedProxies: The proxies whose word about others is taken.
    public init(trustedProxies: [AddressRange] = []) { trusted = trustedProxies }

    /// The address that a request comes from: that of the connection, or the one that trusted proxies say it was for.
    /// - Parameters:
    ///   - peer: The address of the connection; nil when it has none.
    ///   - forwarded: `X-Forwarded-For`, as it came.
    public func address(peer: String?, forwarded: String?) -> String? {
        guard let peer, let address = NetworkAddress(peer) else { return nil }
        guard isTrusted(address), let forwarded, forwarded.utf8.count <= 4_096 else { return address.description }
        var last = address
        // From the nearest on: whoever is behind one that we do not trust may have written anything.
        for hop in forwarded.words(at: ",").reversed().prefix(32) {
            let text = hop.filter { $0 != " " && $0 != "\t" }
            guard let next = NetworkAddress(text) else { break }
            last = next
            if !isTrusted(next) { break }
        }
        return last.description
    }

    private func isTrusted(_ address: NetworkAddress) -> Bool { trusted.contains { $0.contains(address) } }
}
