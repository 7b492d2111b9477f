public import AccessControl
public import Diagnostics

/// Where the interface listens and who may use it.
public struct ControlAPIConfiguration: Sendable {
    /// The host name or address to listen on.
    public let host: String
    /// The port; 0 takes a free one.
    public let port: Int
    /// Whether everybody has to prove who they are, on this machine too.
    public var requiresAuthentication: Bool
    /// In which ways they can.
    public var authentication = Authenticator.Methods()
    /// The proxies whose word about where a request comes from is taken.
    public var trustedProxies: [AddressRange] = []
    /// How many webhooks a second are taken from one source; five times as many at once.
    public var webhookRate: Double = 1_000

    /// How short a token may be, in bytes.
    public static let minimumTokenLength = 16

    /// Makes a configuration. Throws `api.token-required` when anyone but this machine could use the interface without
    /// proof, and `api.token-too-short` when the token could be guessed.
    /// - Parameters:
    ///   - accessToken: A token with which everything may be done.
    ///   - requiresAuthentication: Whether everybody has to prove who they are although there is no such token.
    public init(
        host: String = "127.0.0.1", port: Int = 8080, accessToken: Secret<String>? = nil,
        requiresAuthentication: Bool = false
    ) throws(SluiceError) {
        guard accessToken != nil || requiresAuthentication || LoopbackHost.matches(host) else {
            throw SluiceError(
                "api.token-required", .stalled, "listening on \(host) needs an access token",
                hint: "configure a token, say --require-authentication, or listen on 127.0.0.1")
        }
        guard accessToken.map({ $0.reveal().utf8.count >= Self.minimumTokenLength }) ?? true else {
            throw SluiceError(
                "api.token-too-short", .stalled,
                "the access token has less than \(Self.minimumTokenLength) bytes",
                hint: "make one with: openssl rand -hex 32")
        }
        self.host = host
        self.port = port
        self.requiresAuthentication = requiresAuthentication || accessToken != nil
        authentication.sharedToken = accessToken
    }
}
