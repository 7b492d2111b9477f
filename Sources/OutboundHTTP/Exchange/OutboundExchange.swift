/// A request that went out, and how it ended.
public struct OutboundExchange: Hashable, Sendable {
    /// Scheme, host and port.
    public let origin: String
    /// The answer's status; nil when there was none.
    public let status: Int?
    /// The code of the error when there was no answer; nil when the request was cancelled.
    public let error: String?
    /// How long it took.
    public let duration: Duration
}
