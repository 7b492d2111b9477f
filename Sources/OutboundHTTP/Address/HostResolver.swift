import Diagnostics
import Foundation
import Glibc

/// Finds the addresses of a host. A parameter, so that a test can answer differently each time.
public protocol HostResolver: Sendable {
    /// All addresses of a name, in the order in which they should be tried.
    /// - Throws: `outbound.host-unknown` when there is none.
    func addresses(of host: String) async throws -> [IPAddress]
}

/// The system's resolver, which can keep a thread for as long as it likes.
///
/// Each name is looked up on a thread of its own, by one look-up at a time however many ask for it, and nobody waits for it
/// longer than the limit: a name whose servers do not answer keeps nobody from the others.
public actor SystemResolver: HostResolver {
    private let limit: Duration
    private let lookUp: @Sendable (String) throws -> [IPAddress]
    /// Who waits for the names that are being looked up.
    private var waiting: [String: [Int: CheckedContinuation<[IPAddress], any Error>]] = [:]
    private var questions = 0

    /// Makes a resolver.
    /// - Parameter limit: How long a name is waited for.
    public init(limit: Duration = .seconds(10)) { self.init(limit: limit, lookUp: Self.askSystem) }

    init(limit: Duration, lookUp: @escaping @Sendable (String) throws -> [IPAddress]) {
        self.limit = limit
        self.lookUp = lookUp
    }

    /// Asks the system on a thread that may wait.
    /// - Throws: `outbound.host-unknown`, also when there is no answer in time.
    public func addresses(of host: String) async throws -> [IPAddress] {
        questions += 1
        let question = questions
        let timer = Task { [limit] in
            try await Task.sleep(for: limit)
            self.giveUp(
                question, on: host,
                SluiceError(
                    "outbound.host-unknown", .transient, "the host's name could not be looked up in time", detail: host)
            )
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAsked = waiting[host] != nil
                waiting[host, default: [:]][question] = continuation
                if !isAsked { begin(host) }
                if Task.isCancelled { giveUp(question, on: host, CancellationError()) }
            }
        } onCancel: {
            Task { await self.giveUp(question, on: host, CancellationError()) }
        }
    }

    private func begin(_ host: String) {
        let lookUp = lookUp
        Thread.detachNewThread {
            let found = Result { try lookUp(host) }
            Task { await self.end(host, found) }
        }
    }

    private func end(_ host: String, _ found: Result<[IPAddress], any Error>) {
        for continuation in (waiting.removeValue(forKey: host) ?? [:]).values { continuation.resume(with: found) }
    }

    /// The look-up goes on: whoever asks next waits for the same one.
    private func giveUp(_ question: Int, on host: String, _ error: any Error) {
        waiting[host]?.removeValue(forKey: question)?.resume(throwing: error)
    }

    private static func askSystem(_ host: String) throws -> [IPAddress] {
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
