public import Diagnostics
import Glibc

/// An address of a network, IPv4 or IPv6; of the two forms of one IPv4 address only the short one.
public struct NetworkAddress: Hashable, Sendable {
    let bytes: [UInt8]

    /// Reads an address without port.
    public init?(_ text: String) {
        var text = Substring(text)
        if text.begins(with: "["), text.ends(with: "]") { text = text.dropFirst().dropLast() }
        guard text.utf8.count <= 64 else { return nil }
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, String(text), &four) == 1 {
            bytes = four
            return
        }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, String(text), &sixteen) == 1 else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        bytes = sixteen.starts(with: mapped) ? Array(sixteen.dropFirst(12)) : sixteen
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// The address as it is usually written.
    public var description: String {
        var text = [CChar](repeating: 0, count: 64)
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Addresses that begin with the same bits: `10.0.0.0/8`, `192.0.2.7`.
public struct AddressRange: Hashable, Sendable {
    private let start: NetworkAddress
    private let length: Int

    /// Reads a range. Throws `access.malformed-range`.
    public init(_ text: String) throws(SluiceError) {
        let parts = text.parts(at: "/")
        guard parts.count <= 2, let start = parts.first.flatMap({ NetworkAddress(String($0)) }) else {
            throw Self.malformed(text)
        }
        let most = start.bytes.count * 8
        guard let length = parts.count == 2 ? Int(parts[1]) : most, (0...most).contains(length) else {
            throw Self.malformed(text)
        }
        self.start = start
        self.length = length
    }

    /// Whether an address is one of them.
    public func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == start.bytes.count else { return false }
        for (index, (one, other)) in zip(address.bytes, start.bytes).enumerated() {
            let bits = min(8, max(0, length - index * 8))
            if bits == 0 { return true }
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            if one & mask != other & mask { return false }
        }
        return true
    }

    private static func malformed(_ text: String) -> SluiceError {
        SluiceError(
            "access.malformed-range", .stalled, "a range of addresses is not understood",
            hint: "write 10.0.0.0/8, 2001:db8::/32 or one address", detail: text)
    }
}
