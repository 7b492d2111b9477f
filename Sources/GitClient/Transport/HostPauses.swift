public import Diagnostics

/// Which git servers have asked to wait, and until when: what one repository was told holds for all of its server.
public struct HostPauses: Sendable {
    private struct Host: Hashable {
        let scheme: GitRemote.Scheme
        let host: String?
        let port: Int?
    }

    private var ends: [Host: Duration] = [:]
    private let uptime: @Sendable () -> Duration

    /// Knows of none.
    /// - Parameter uptime: A clock that only goes forwards.
    public init(uptime: @escaping @Sendable () -> Duration = FetchQueue.sinceNow()) { self.uptime = uptime }

    /// Makes sure that the server of a repository may be asked.
    /// - Throws: `git.rate-limited`, with the rest of the time.
    public func check(_ remote: GitRemote) throws {
        guard let end = ends[Self.host(of: remote)] else { return }
        let rest = end - uptime()
        if rest > .zero { throw SluiceError.rateLimited(for: rest) }
    }

    /// Notes what a server has said.
    public mutating func note(_ error: SluiceError, from remote: GitRemote) {
        let now = uptime()
        ends = ends.filter { $0.value > now }
        if let wait = error.retryAfter { ends[Self.host(of: remote)] = now + wait }
    }

    private static func host(of remote: GitRemote) -> Host {
        Host(scheme: remote.scheme, host: remote.host, port: remote.port)
    }
}

extension SluiceError {
    /// A git server that was asked too often.
    static func rateLimited(for wait: Duration, detail: String = "") -> SluiceError {
        SluiceError(
            "git.rate-limited", .transient,
            "the git server was asked too often; it is asked again in \(wait.components.seconds) seconds",
            detail: detail, retryAfter: wait)
    }
}
