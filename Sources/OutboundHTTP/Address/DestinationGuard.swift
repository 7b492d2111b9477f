import Diagnostics

/// Finds the addresses for a URL, and lets only those through that may be connected to.
///
/// Whoever connects does so to one of these addresses and asks no resolver again: a name that changes its address between
/// the check and the connection (DNS rebinding) changes nothing.
public struct DestinationGuard: Sendable {
    /// What may be reached.
    public let policy: AddressPolicy
    private let resolver: any HostResolver

    /// Makes a guard.
    public init(policy: AddressPolicy, resolver: any HostResolver = SystemResolver()) {
        self.policy = policy
        self.resolver = resolver
    }

    /// The addresses for a URL.
    ///
    /// One denied address among several is enough to refuse: a host of which one name leads inside is not to be trusted
    /// with the others.
    /// - Throws: `outbound.plain-refused`, `outbound.address-denied`, `outbound.host-unknown`.
    public func addresses(for url: OutboundURL) async throws -> [IPAddress] {
        try await addresses(host: url.host, port: url.port, isSecure: url.isSecure)
    }

    /// The addresses for a host and a port. `isSecure` is for transports that encrypt: TLS, SSH.
    public func addresses(host: String, port: Int, isSecure: Bool) async throws -> [IPAddress] {
        let isTrusted = policy.trusts(host: host, port: port)
        guard isSecure || isTrusted else {
            throw SluiceError(
                "outbound.plain-refused", .stalled,
                "\(host) is to be reached without TLS, which the operator has not allowed",
                hint: "write https://, or start the controller with --trust-host \(host)")
        }
        let literal = host.begins(with: "[") ? IPAddress(host.dropFirst().dropLast()) : IPAddress(host)
        let found: [IPAddress] =
            if let literal { [literal] } else { try await resolver.addresses(of: host) }
        guard !found.isEmpty else {
            throw SluiceError("outbound.host-unknown", .transient, "the host's name has no address", detail: host)
        }
        guard !isTrusted else { return found }
        for address in found {
            guard let reason = policy.denial(of: address) else { continue }
            throw SluiceError(
                "outbound.address-denied", .stalled,
                "\(host) leads to \(reason), which nothing in desired state may reach",
                hint: "if that is meant, start the controller with --trust-host \(host)",
                detail: "\(host) is \(address)")
        }
        return found
    }
}
