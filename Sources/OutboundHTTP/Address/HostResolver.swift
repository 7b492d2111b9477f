import Diagnostics
import Glibc
import NIOPosix

/// Finds the addresses of a host. A parameter, so that a test can answer differently each time.
public protocol HostResolver: Sendable {
    /// All addresses of a name, in the order in which they should be tried.
    /// - Throws: `outbound.host-unknown` when there is none.
    func addresses(of host: String) async throws -> [IPAddress]
}

/// The system's resolver.
public struct SystemResolver: HostResolver {
    /// Makes a resolver.
    public init() {}

    /// Asks the system on a thread that may wait.
    public func addresses(of host: String) async throws -> [IPAddress] {
        try await NIOThreadPool.singleton.runIfActive { try Self.lookUp(host) }
    }

    private static func lookUp(_ host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard status == 0 else {
            throw SluiceError(
                "outbound.host-unknown", .transient, "the host's name has no address",
                detail: "\(host): \(gai_strerror(status).map { String(cString: $0) } ?? "")")
        }
        var found: [IPAddress] = []
        var next = list
        while let entry = next?.pointee {
            if let address = address(entry), !found.contains(address) { found.append(address) }
            next = entry.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let raw = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr) { IPAddress(bytes: Array($0)) }
        case AF_INET6:
            return withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) {
                IPAddress(bytes: Array($0))
            }
        default: return nil
        }
    }
}
