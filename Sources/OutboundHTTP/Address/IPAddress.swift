import Glibc

/// An IPv4 or IPv6 address, by its bytes.
public struct IPAddress: Hashable, Sendable {
    /// Four bytes, or sixteen.
    public let bytes: [UInt8]

    /// Reads an address in the one usual form: `192.0.2.1` with four decimal numbers, or IPv6 without brackets and zone.
    ///
    /// The other forms that some resolvers take for an IPv4 address (`0x7f.1`, `2130706433`, `0177.0.0.1`, `127.1`) are
    /// none here.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: six) { Array($0) }
        } else {
            return nil
        }
    }

    /// The address of four or sixteen bytes in network order.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Whether it has sixteen bytes.
    public var isIPv6: Bool { bytes.count == 16 }

    /// The IPv4 address that a gateway or the kernel would reach for this IPv6 address: IPv4-mapped and -compatible
    /// addresses, NAT64's well-known prefix, 6to4.
    public var embedded: IPAddress? {
        guard isIPv6 else { return nil }
        let prefixes: [([UInt8], Int)] = [
            (Array(repeating: 0, count: 10) + [0xFF, 0xFF], 12),
            (Array(repeating: 0, count: 12), 12),
            ([0x00, 0x64, 0xFF, 0x9B] + Array(repeating: 0, count: 8), 12),
            ([0x20, 0x02], 2),
        ]
        for (prefix, offset) in prefixes where bytes.starts(with: prefix) {
            return IPAddress(bytes: Array(bytes[offset..<offset + 4]))
        }
        return nil
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address as people write it, without brackets.
    public var description: String {
        guard isIPv6 else { return bytes.map(String.init).joined(separator: ".") }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let written = bytes.withUnsafeBytes {
            inet_ntop(AF_INET6, $0.baseAddress, &buffer, socklen_t(INET6_ADDRSTRLEN)) != nil
        }
        return written ? String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "::"
    }
}

/// A range of addresses: those whose first `length` bits are the prefix's.
struct AddressRange: Sendable {
    let prefix: IPAddress
    let length: Int

    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == prefix.bytes.count else { return false }
        for (index, pair) in zip(address.bytes, prefix.bytes).enumerated() {
            let bits = min(max(length - index * 8, 0), 8)
            guard bits > 0 else { return true }
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            guard pair.0 & mask == pair.1 & mask else { return false }
        }
        return true
    }
}
