/// Decides which addresses may be connected to for a URL that somebody else wrote.
///
/// A manifest's URL must not make the controller reach what only the controller's machine can reach: itself, its
/// network, the cloud's metadata service. Hosts that the operator names when the controller starts are reached wherever
/// they are. Pure: it knows addresses and asks nobody.
public struct AddressPolicy: Sendable, Hashable {
    /// The hosts that may be anywhere, and may be reached without TLS: `host` for all its ports, or `host:port`.
    public let trusted: Set<String>

    /// Makes a policy. Names are compared in lower case; IPv6 addresses are written in brackets.
    public init(trusting hosts: some Sequence<String> = []) { trusted = Set(hosts.map { $0.lowercased() }) }

    /// Whether the operator has named this place.
    public func trusts(host: String, port: Int) -> Bool {
        let host = host.lowercased()
        return trusted.contains(host) || trusted.contains("\(host):\(port)")
    }

    /// Why an address must not be connected to, in a few words; nil when it may.
    public func denial(of address: IPAddress) -> String? {
        if address.isIPv6 {
            if let inner = address.embedded, !Self.unspecifiedOrLoopback.contains(where: { $0.range.contains(address) })
            {
                return denial(of: inner)
            }
            if let range = Self.sixes.first(where: { $0.range.contains(address) }) { return range.name }
            return Self.globalUnicast.contains { $0.range.contains(address) } ? nil : "a reserved address"
        }
        return Self.fours.first { $0.range.contains(address) }?.name
    }

    private struct Named: Sendable {
        let range: AddressRange
        let name: String
    }

    private static func ranges(_ list: [(String, Int, String)]) -> [Named] {
        list.compactMap { text, length, name in
            IPAddress(text).map { Named(range: AddressRange(prefix: $0, length: length), name: name) }
        }
    }

    private static let globalUnicast = ranges([("2000::", 3, "")])
    private static let unspecifiedOrLoopback = ranges([("::", 128, ""), ("::1", 128, "")])

    // IANA's registries of special-purpose addresses (RFC 6890 and after), and the clouds' metadata services.
    private static let fours = ranges([
        ("0.0.0.0", 8, "this machine"),
        ("127.0.0.0", 8, "a loopback address"),
        ("10.0.0.0", 8, "a private address"),
        ("172.16.0.0", 12, "a private address"),
        ("192.168.0.0", 16, "a private address"),
        ("100.64.0.0", 10, "a carrier's shared address"),
        ("169.254.0.0", 16, "a link-local address"),
        ("168.63.129.16", 32, "a metadata service"),
        ("192.0.0.0", 24, "a reserved address"),
        ("192.0.2.0", 24, "an address for documentation"),
        ("198.51.100.0", 24, "an address for documentation"),
        ("203.0.113.0", 24, "an address for documentation"),
        ("192.88.99.0", 24, "a reserved address"),
        ("198.18.0.0", 15, "an address for benchmarks"),
        ("224.0.0.0", 4, "a multicast address"),
        ("240.0.0.0", 4, "a reserved address"),
    ])

    private static let sixes = ranges([
        ("::", 128, "this machine"),
        ("::1", 128, "a loopback address"),
        ("fe80::", 10, "a link-local address"),
        ("fec0::", 10, "a private address"),
        ("fc00::", 7, "a private address"),
        ("ff00::", 8, "a multicast address"),
        ("2001::", 23, "a reserved address"),
        ("2001:db8::", 32, "an address for documentation"),
        ("3fff::", 20, "an address for documentation"),
    ])
}
