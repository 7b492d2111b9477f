public import Diagnostics
import Foundation

/// The one HTTP client for hosts outside.
///
/// This module asks other people's servers safely: only at addresses that may be reached (``DestinationGuard``), within
/// a deadline and a size, without following redirects, no sooner than the host allows (`Retry-After`, rate limits), and not
/// at all for a while when it has stopped answering (``CircuitBreaker``). It knows nothing of forges and JSON.
///
/// ## What a request ends in
/// An answer with any status below 500, or a `SluiceError`: `transient` when the host is in trouble or asks us to wait,
/// `stalled` when a person has to mend something.
///
/// GET requests are tried again a few times when that can be done soon; whatever takes longer is left to the caller's own
/// retries, with `retryAfter` where the host named a time. Other requests are sent once.
public actor OutboundClient {
    /// What holds for all requests.
    public struct Configuration: Sendable {
        /// How we call ourselves.
        public var userAgent: String
        /// How long it may take to connect.
        public var connectTimeout: Duration
        /// How long a request may take, the whole answer included.
        public var deadline: Duration
        /// The most bytes of an answer.
        public var answerLimit: Int
        /// How often a GET request is sent, the first time included.
        public var attempts: Int
        /// When a request is tried again.
        public var retry: RetryPolicy
        /// The longest delay that is waited out here.
        public var patience: Duration
        /// How long the addresses of a name are used.
        public var addressLifetime: Duration
        /// How breakers begin.
        public var breaker: CircuitBreaker

        /// Makes a configuration.
        public init(
            userAgent: String = "sluice", connectTimeout: Duration = .seconds(5), deadline: Duration = .seconds(30),
            answerLimit: Int = 16 << 20, attempts: Int = 3,
            retry: RetryPolicy = RetryPolicy(base: .milliseconds(250), cap: .seconds(2)),
            patience: Duration = .seconds(2), addressLifetime: Duration = .seconds(30),
            breaker: CircuitBreaker = CircuitBreaker()
        ) {
            self.userAgent = userAgent
            self.connectTimeout = connectTimeout
            self.deadline = deadline
            self.answerLimit = answerLimit
            self.attempts = max(1, attempts)
            self.retry = retry
            self.patience = patience
            self.addressLifetime = addressLifetime
            self.breaker = breaker
        }
    }

    /// What may be reached. Git's own connections ask it too.
    public nonisolated let destinations: DestinationGuard

    private let configuration: Configuration
    private let randomness: Randomness
    private let time: OutboundTime
    private let observer: @Sendable (OutboundExchange) -> Void
    private var hosts: [String: HostRecord] = [:]

    /// What is remembered of a host.
    private struct HostRecord {
        var breaker: CircuitBreaker
        var rateLimit: RateLimit?
        /// Until when the host has asked us to wait.
        var closedUntil: Duration?
        var addresses: [IPAddress] = []
        var addressesUntil: Duration = .zero
        var connections: [IPAddress: PinnedConnections] = [:]
        var requests = 0
        /// What the last answer said the time was, and what it was here half way through.
        var clock: (said: String, here: Date)?

        /// How far its clock is ahead of ours.
        var clockLead: Duration? {
            clock.flatMap { clock in
                RetryAfter.httpDate(clock.said).map { .seconds($0.timeIntervalSince(clock.here)) }
            }
        }
    }

    /// Makes a client.
    /// - Parameter observer: Told of every request that went out, also of those that are tried again. Must not block.
    public init(
        destinations: DestinationGuard, configuration: Configuration = Configuration(),
        randomness: Randomness = .system, time: OutboundTime = .live(),
        observer: @escaping @Sendable (OutboundExchange) -> Void = { _ in }
    ) {
        self.observer = observer
        self.destinations = destinations
        self.configuration = configuration
        self.randomness = randomness
        self.time = time
    }

    /// How the hosts stand that were asked so far.
    public func reports() -> [HostReport] {
        let now = time.monotonic()
        return hosts.sorted { $0.key < $1.key }.map { origin, host in
            let pause: Duration? = if case .open(let until, _) = host.breaker.state { until } else { nil }
            let until = max(pause ?? .zero, host.closedUntil ?? .zero)
            return HostReport(
                origin: origin, breaker: host.breaker.state, rateLimit: host.rateLimit,
                waiting: until > now ? until - now : nil, requests: host.requests, clock: host.clockLead)
        }
    }

    /// Sends a request.
    /// - Throws: Codes that begin with `outbound.`; see `docs/reference/errors.md`.
    public func send(_ request: OutboundRequest) async throws -> OutboundResponse {
        guard request.credential?.isFieldValue ?? true else {
            throw SluiceError(
                "outbound.credential-invalid", .stalled,
                "the credential for \(request.url.origin) holds control characters, so it cannot be sent",
                hint: "is there a second line? Keep the token or the password there and nothing else")
        }
        var failures = 0
        while true {
            do {
                return try await attempt(request)
            } catch let error as SluiceError where error.kind == .transient && request.method == .get {
                failures += 1
                guard failures < configuration.attempts,
                    case .again(let delay) = configuration.retry.decide(
                        error, failures: failures, randomness: randomness),
                    delay <= configuration.patience
                else { throw error }
                try await time.sleep(delay)
            }
        }
    }

    private func attempt(_ request: OutboundRequest) async throws -> OutboundResponse {
        let origin = request.url.origin
        try admit(origin)
        let start = time.monotonic()
        func report(_ status: Int?, _ error: String? = nil) {
            observer(OutboundExchange(origin: origin, status: status, error: error, duration: time.monotonic() - start))
        }
        do {
            let response: OutboundResponse
            do { response = try await exchange(request) } catch {
                report(nil, (error as? SluiceError)?.code.rawValue)
                throw error
            }
            report(response.status)
            if let said = response.headers["date"] {
                let half = (time.monotonic() - start) / .seconds(2)
                hosts[origin]?.clock = (said, time.date().addingTimeInterval(-half))
            }
            return try judge(response, to: request)
        } catch let error as SluiceError {
            if error.kind == .stalled { hosts[origin]?.breaker.abandoned(at: time.monotonic()) }
            throw error
        } catch {
            hosts[origin]?.breaker.abandoned(at: time.monotonic())
            throw error
        }
    }

    /// Whether the host wants to be asked now.
    private func admit(_ origin: String) throws {
        let now = time.monotonic()
        var host = hosts[origin] ?? HostRecord(breaker: configuration.breaker)
        defer { hosts[origin] = host }
        if let until = host.closedUntil, until > now { throw Self.limited(origin, wait: until - now) }
        host.closedUntil = nil
        guard case .refused(let delay) = host.breaker.admit(at: now) else { return }
        throw SluiceError(
            "outbound.circuit-open", .transient, "\(origin) has not answered lately and is left alone for a while",
            retryAfter: delay)
    }

    private func exchange(_ request: OutboundRequest) async throws -> OutboundResponse {
        let origin = request.url.origin
        let addresses = try await addresses(for: request.url)
        var last: SluiceError?
        for address in addresses.prefix(4) {
            let connections = connections(to: address, for: request.url)
            hosts[origin]?.requests += 1
            do {
                return try await connections.exchange(
                    request, userAgent: configuration.userAgent, deadline: configuration.deadline,
                    limit: configuration.answerLimit)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                try Task.checkCancellation()
                let failure = SluiceError.exchangeFailure(error, with: origin, limit: configuration.answerLimit)
                last = failure
                // Another address is tried only when this one was not even connected to.
                guard PinnedConnections.isFailureToConnect(error) else { break }
            }
        }
        let failure = last ?? SluiceError("outbound.host-unknown", .transient, "the host's name has no address")
        if failure.kind == .transient { failed(origin) }
        throw failure
    }

    private func addresses(for url: OutboundURL) async throws -> [IPAddress] {
        let now = time.monotonic()
        if let host = hosts[url.origin], host.addressesUntil > now, !host.addresses.isEmpty { return host.addresses }
        do {
            let found = try await destinations.addresses(for: url)
            hosts[url.origin]?.addresses = found
            hosts[url.origin]?.addressesUntil = now + configuration.addressLifetime
            // Connections to addresses that the name no longer has are left to end.
            if let old = hosts[url.origin]?.connections {
                hosts[url.origin]?.connections = old.filter { found.contains($0.key) }
            }
            return found
        } catch let error as SluiceError where error.kind == .transient {
            failed(url.origin)
            throw error
        }
    }

    private func connections(to address: IPAddress, for url: OutboundURL) -> PinnedConnections {
        if let known = hosts[url.origin]?.connections[address] { return known }
        let made = PinnedConnections(host: url.host, address: address, connectTimeout: configuration.connectTimeout)
        hosts[url.origin]?.connections[address] = made
        return made
    }

    /// What the status and the header fields say about going on.
    private func judge(_ response: OutboundResponse, to request: OutboundRequest) throws -> OutboundResponse {
        let origin = request.url.origin
        if let limit = RateLimit(headers: response.headers) { hosts[origin]?.rateLimit = limit }
        let wait = RateLimit.wait(headers: response.headers, at: time.date())
        switch response.status {
        case 300...399 where response.status != 304:
            hosts[origin]?.breaker.succeeded()
            let place = response.headers["location"].flatMap { try? OutboundURL($0) }?.origin ?? "elsewhere"
            throw SluiceError(
                "outbound.redirected", .stalled, "\(origin) sends us on to \(place), and redirects are not followed",
                hint: "write the address that it names")
        case let status where status == 429 || status == 403 && RateLimit.isExhausted(headers: response.headers):
            hosts[origin]?.breaker.succeeded()
            throw limited(request.url, for: wait)
        case 500...:
            failed(origin)
            if let wait { hosts[origin]?.closedUntil = time.monotonic() + wait }
            throw SluiceError(
                "outbound.server-failed", .transient, "\(origin) answered with HTTP status \(response.status)",
                detail: request.words(of: response),
                retryAfter: wait)
        default:
            hosts[origin]?.breaker.succeeded()
            return response
        }
    }

    /// Keeps requests from a host that has said, in words that only its adapter knows, that it was asked too often.
    /// - Parameter wait: How long; nil when it names no time.
    /// - Returns: The error of what was asked.
    public func limited(_ url: OutboundURL, for wait: Duration? = nil) -> SluiceError {
        let wait = wait ?? RateLimit.shortestUnnamedWait
        hosts[url.origin]?.closedUntil = time.monotonic() + wait
        return Self.limited(url.origin, wait: wait)
    }

    private func failed(_ origin: String) { hosts[origin]?.breaker.failed(at: time.monotonic()) }

    private static func limited(_ origin: String, wait: Duration) -> SluiceError {
        SluiceError(
            "outbound.rate-limited", .transient, "\(origin) asks us to wait before the next request", retryAfter: wait)
    }
}
