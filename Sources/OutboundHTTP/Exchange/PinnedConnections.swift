import AsyncHTTPClient
import Diagnostics
import Glibc
import NIOCore
import NIOHTTP1
import WorkContext

/// Connections to one host at one address. The name is used for TLS and the `Host` field, and never resolved again.
final class PinnedConnections: Sendable {
    private let client: HTTPClient

    init(host: String, address: IPAddress, connectTimeout: Duration) {
        var configuration = HTTPClient.Configuration(
            timeout: .init(connect: .nanoseconds(Int64(connectTimeout / .nanoseconds(1)))))
        // Failures are counted and tried again where the breaker sees them.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Credentials go to the host that was checked and to no other.
        configuration.redirectConfiguration = .disallow
        // A small answer could unpack into a large one.
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        if IPAddress(host) == nil, !host.begins(with: "[") { configuration.dnsOverride = [host: address.description] }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { client.shutdown { _ in } }

    /// Sends a request and reads the whole answer, at most `limit` bytes of it.
    func exchange(
        _ request: OutboundRequest, userAgent: String, deadline: Duration, limit: Int
    ) async throws -> OutboundResponse {
        var outgoing = HTTPClientRequest(url: request.url.description)
        outgoing.method = .init(rawValue: request.method.rawValue)
        outgoing.headers.add(name: "User-Agent", value: userAgent)
        if request.isTraced, let trace = WorkContext.current.trace {
            var generator = SystemRandomNumberGenerator()
            outgoing.headers.add(name: TraceContext.header, value: trace.child(using: &generator).traceparent)
        }
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if let credential = request.credential {
            outgoing.headers.add(name: credential.field, value: credential.value.reveal())
        }
        if let body = request.body {
            outgoing.headers.add(name: "Content-Type", value: "application/json")
            outgoing.body = .bytes(ByteBuffer(bytes: body))
        }
        let prepared = outgoing
        return try await withDeadline(deadline) { [client] in
            let response = try await client.execute(prepared, deadline: .now() + .hours(1))
            let body = try await response.body.collect(upTo: limit)
            return OutboundResponse(
                status: Int(response.status.code),
                headers: OutboundHeaders(response.headers.map { ($0.name, $0.value) }),
                body: Array(buffer: body))
        }
    }

    /// Whether nothing was sent, because there was no connection to send it on.
    static func isFailureToConnect(_ error: any Error) -> Bool {
        if let error = error as? HTTPClientError {
            return error == .connectTimeout || error == .tlsHandshakeTimeout
        }
        guard let error = error as? IOError else { return false }
        return [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.errnoCode)
    }

    private func withDeadline<R: Sendable>(
        _ deadline: Duration, _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        try await withThrowingTaskGroup(of: R.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: deadline)
                throw SluiceError("outbound.timed-out", .transient, "the host did not answer in time")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}

extension SluiceError {
    /// What went wrong below HTTP. The client's errors name neither header fields nor bodies.
    static func exchangeFailure(_ error: any Error, with origin: String, limit: Int) -> SluiceError {
        if let error = error as? SluiceError { return error }
        if error is NIOTooManyBytesError {
            return SluiceError(
                "outbound.answer-too-large", .stalled, "\(origin) answered with more than \(limit) bytes")
        }
        let name = String(reflecting: type(of: error))
        let words = String(describing: error)
        // The errors of TLS have no type that we could name: their module is not one of ours.
        if name.begins(with: "NIOSSL."), words.holds("CERTIFICATE_VERIFY_FAILED") {
            return SluiceError(
                "outbound.certificate-refused", .stalled, "the certificate of \(origin) is not trusted",
                hint: "add its authority to the system's", detail: words, cause: error)
        }
        if let error = error as? HTTPClientError,
            [.connectTimeout, .tlsHandshakeTimeout, .readTimeout, .deadlineExceeded].contains(error)
        {
            return SluiceError("outbound.timed-out", .transient, "\(origin) did not answer in time", detail: words)
        }
        return SluiceError(
            "outbound.unreachable", .transient, "\(origin) could not be reached or broke off",
            detail: "\(name): \(words)", cause: error)
    }
}
