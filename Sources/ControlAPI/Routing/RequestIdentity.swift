/// What a request is called in the log and in answers: the caller's own id when it sent a usable one.
struct RequestIdentity: Sendable {
    /// The id in the control interface: `X-Request-Id`.
    let requestID: String
    /// The id in the registry platform's interface: `X-B3-TraceId`.
    let traceID: String

    init(_ head: RequestHead, generated: String) {
        requestID = Self.header("X-Request-Id", head) ?? generated
        traceID = Self.header("X-B3-TraceId", head) ?? requestID
    }

    private static func header(_ name: String, _ head: RequestHead) -> String? {
        guard let value = head[name], value.wholeMatch(of: /[A-Za-z0-9._-]{1,128}/) != nil else { return nil }
        return value
    }
}
