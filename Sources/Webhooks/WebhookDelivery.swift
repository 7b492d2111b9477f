import Crypto
import DesiredState
import Diagnostics

/// A webhook as it came: bytes of strangers.
public struct WebhookDelivery: Sendable {
    /// The headers, names in lower case, each with all its values in order.
    public let headers: [String: [String]]
    /// What stood behind the source's name in the address.
    public let pathToken: String?
    /// The body, byte for byte.
    public let body: [UInt8]

    /// Makes a delivery of the headers' names and values.
    public init(headers: some Sequence<(name: String, value: String)>, pathToken: String? = nil, body: [UInt8]) {
        self.headers = headers.reduce(into: [:]) { all, header in
            all[header.name.lowercased(), default: []].append(header.value)
        }
        self.pathToken = pathToken
        self.body = body
    }

    /// The value of a header that stands there once. Of two signatures neither counts: who sent both, and which of them
    /// somebody before us looked at, cannot be known.
    public func only(_ name: String) -> String? {
        guard let values = headers[name.lowercased()], values.count == 1 else { return nil }
        return values.first
    }

    /// What a body is known by: `sha256:` and 64 hexadecimal digits.
    public static func digest(of body: [UInt8]) -> String { "sha256:" + SHA256.hash(data: body).hexadecimal }
}
