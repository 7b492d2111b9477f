public import Diagnostics

/// The header fields of an answer, by name in lower case. Of several with one name the first counts.
public struct OutboundHeaders: Hashable, Sendable {
    private let fields: [String: String]

    /// Makes headers of fields.
    public init(_ fields: some Sequence<(String, String)>) {
        self.fields = Dictionary(fields.map { ($0.0.lowercased(), $0.1) }) { first, _ in first }
    }

    /// A field's value.
    public subscript(_ name: String) -> String? { fields[name.lowercased()] }
}

/// A request to a host outside.
public struct OutboundRequest: Sendable {
    /// What is asked for.
    public enum Method: String, Sendable {
        /// Read something.
        case get = "GET"
        /// Make something, or do it.
        case post = "POST"
        /// Put something in its place.
        case put = "PUT"
        /// Change a part of something.
        case patch = "PATCH"
        /// Take something away.
        case delete = "DELETE"
    }

    /// What is to be done.
    public let method: Method
    /// Where.
    public let url: OutboundURL
    /// Header fields that are not secret.
    public let headers: [(String, String)]
    /// The field that says who we are, such as `Authorization`, with its value.
    public let credential: Credential?
    /// The body, which is JSON.
    public let body: [UInt8]?
    /// Whether the host is told which trace the request belongs to.
    public let isTraced: Bool

    /// A header field with a secret value.
    public struct Credential: Sendable {
        /// The field's name.
        public let field: String
        /// Its value.
        public let value: Secret<String>
        /// All texts by which the value could be seen in an answer that repeats it, or a part of it: they are taken out of
        /// whatever is told of the answer.
        public let traces: [Secret<String>]

        /// Makes a credential.
        /// - Parameter secret: What the value was made of, when it is not the secret itself.
        public init(field: String, value: Secret<String>, of secret: Secret<String>? = nil) {
            self.field = field
            self.value = value
            // `Basic …` and `Bearer …` may come back without the scheme.
            let bare = value.reveal().words(at: " ").last.map { Secret(String($0)) }
            traces = [value] + [secret, bare].compactMap(\.self)
        }

        /// Whether the value can be sent. What refuses it below us would quote it.
        var isFieldValue: Bool { value.reveal().utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
    }

    /// Makes a request.
    /// - Parameter isTraced: Whether the host is told the trace, whose id may be somebody else's choice: only for hosts that
    ///   the operator names.
    public init(
        _ method: Method, _ url: OutboundURL, headers: [(String, String)] = [], credential: Credential? = nil,
        body: [UInt8]? = nil, isTraced: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.credential = credential
        self.body = body
        self.isTraced = isTraced
    }
}

extension OutboundRequest {
    /// The beginning of an answer's body as it may be told: an error page may repeat the request, credentials included.
    func words(of response: OutboundResponse) -> String {
        // More is looked through than is told, so that no secret is cut in two before it is found.
        let text = String(decoding: response.body.prefix(16 << 10), as: UTF8.self)
        return TextScrubber(secrets: credential?.traces ?? [], limit: 500).scrub(text)
    }
}

/// An answer, whatever its status below 500.
public struct OutboundResponse: Sendable {
    /// The status code.
    public let status: Int
    /// The header fields.
    public let headers: OutboundHeaders
    /// The whole body.
    public let body: [UInt8]

    /// Makes an answer.
    public init(status: Int, headers: OutboundHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// How a host stands with us, for status pages.
public struct HostReport: Sendable, Hashable {
    /// Scheme, host and port.
    public let origin: String
    /// Whether requests are kept from it.
    public let breaker: CircuitBreaker.State
    /// What it last said of its limits.
    public let rateLimit: RateLimit?
    /// How long nothing goes out to it yet: it asked us to wait, or failed too often; nil when something does.
    public let waiting: Duration?
    /// How many requests have gone out to it.
    public let requests: Int
    /// How far its clock was ahead of ours at the last answer that gave the time; to within a second and half the time that the
    /// answer took.
    public let clock: Duration?
}
