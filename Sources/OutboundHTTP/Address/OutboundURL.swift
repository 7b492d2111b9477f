public import Diagnostics

/// A URL that may be asked for: `https://host:port/path?query`, in the one form that every reader understands alike.
///
/// URLs with two readings are how guards are walked around, so what is unusual is refused rather than interpreted: user
/// names, numbers in other forms than `192.0.2.1`, percent signs in a host, letters that are no ASCII, backslashes,
/// white space, control characters, fragments.
public struct OutboundURL: Hashable, Sendable {
    /// Whether TLS is spoken.
    public let isSecure: Bool
    /// The host in lower case; IPv6 in brackets.
    public let host: String
    /// The port.
    public let port: Int
    /// The path, percent-encoded, with a slash at its beginning.
    public let path: String
    /// The query, percent-encoded, without its question mark; nil for none.
    public let query: String?

    /// The most bytes of a URL.
    public static let limit = 8192

    /// Reads a URL.
    /// - Throws: `outbound.url-invalid`, which does not repeat the URL: it may hold a secret.
    public init(_ text: String) throws(SluiceError) {
        guard text.utf8.count <= Self.limit, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !text.holds("\\"), !text.holds("#")
        else { throw Self.invalid("it is too long, or has spaces, backslashes, fragments or letters beyond ASCII") }
        guard let separator = text.exactRange(of: "://") else { throw Self.invalid("it is no URL") }
        switch text[..<separator.lowerBound].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: throw Self.invalid("its scheme is not https")
        }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        (host, port) = try Self.place(authority, defaultPort: isSecure ? 443 : 80)
        let target = rest[authority.endIndex...]
        let pathPart = target.prefix { $0 != "?" }
        guard !pathPart.holds("//"), !pathPart.words(at: "/").contains(where: { Self.isDots($0) }) else {
            throw Self.invalid("its path has empty parts or dots")
        }
        path = pathPart.isEmpty ? "/" : String(pathPart)
        query = pathPart.endIndex == target.endIndex ? nil : String(target[pathPart.endIndex...].dropFirst())
    }

    private init(isSecure: Bool, host: String, port: Int, path: String, query: String?) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// This URL with more segments and a query of its own. Each segment and each value is encoded whole, slashes too.
    public func appending(_ segments: [String], query: [(String, String)] = []) -> OutboundURL {
        let base = path.ends(with: "/") ? String(path.dropLast()) : path
        let text = query.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        return OutboundURL(
            isSecure: isSecure, host: host, port: port,
            path: ([base] + segments.map(Self.encoded)).joined(separator: "/"), query: text.isEmpty ? nil : text)
    }

    /// The address if the host is one.
    public var literal: IPAddress? { host.begins(with: "[") ? IPAddress(host.dropFirst().dropLast()) : IPAddress(host) }

    /// Scheme, host and port, the port only when it is not the scheme's own.
    public var origin: String {
        let usual = isSecure ? 443 : 80
        return "\(isSecure ? "https" : "http")://\(host)\(port == usual ? "" : ":\(port)")"
    }

    /// Whether two URLs have the same scheme, host and port.
    public func sharesOrigin(with other: OutboundURL) -> Bool {
        isSecure == other.isSecure && host == other.host && port == other.port
    }

    static func encoded(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) { result.append(byte) } else { result += [0x25, digit(byte >> 4), digit(byte & 15)] }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    private static func isDots(_ segment: Substring) -> Bool {
        let plain = segment.lowercased().replacingAll("%2e", with: ".")
        return plain == "." || plain == ".."
    }

    private static func place(_ authority: Substring, defaultPort: Int) throws(SluiceError) -> (String, Int) {
        guard !authority.holds("@") else {
            throw invalid("it has a user name", hint: "give credentials as a reference to a secret")
        }
        let isBracketed = authority.begins(with: "[")
        let end =
            isBracketed
            ? authority.unicodeScalars.firstIndex(of: "]").map(authority.index(after:))
            : authority.unicodeScalars.firstIndex(of: ":")
        if isBracketed, end == nil { throw invalid("its host is not plain") }
        let host = authority[..<(end ?? authority.endIndex)].lowercased()
        let rest = authority[(end ?? authority.endIndex)...]
        var port = defaultPort
        if !rest.isEmpty {
            let digits = rest.dropFirst()
            guard rest.first == ":", (1...5).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                let number = UInt16(digits), number > 0
            else { throw invalid("its port is not a number from 1 to 65535") }
            port = Int(number)
        }
        guard isBracketed ? IPAddress(host.dropFirst().dropLast())?.isIPv6 == true : isPlain(host) else {
            throw invalid("its host is not plain", hint: "write a name, 192.0.2.1 or [2001:db8::1]")
        }
        return (host, port)
    }

    /// A name of letters, digits and dashes, or an IPv4 address in its usual form. A name whose last part is a number is
    /// read as an address by some, so it must be one.
    private static func isPlain(_ host: String) -> Bool {
        guard (1...253).contains(host.utf8.count) else { return false }
        let labels = host.parts(at: ".")
        guard
            labels.allSatisfy({ label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { isUnreserved($0) && $0 != 0x7E && $0 != 0x2E }
            }), let last = labels.last
        else { return false }
        let isNumber = last.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } || last.begins(with: "0x")
        return isNumber ? IPAddress(host)?.isIPv6 == false : true
    }

    private static func invalid(_ reason: String, hint: String? = nil) -> SluiceError {
        SluiceError("outbound.url-invalid", .stalled, "the URL is not allowed: \(reason)", hint: hint)
    }
}

extension OutboundURL: CustomStringConvertible {
    /// The URL, which holds no user name and no password. A query may hold what its author put there.
    public var description: String { "\(origin)\(path)\(query.map { "?\($0)" } ?? "")" }
}
