import DesiredState
import Diagnostics
import Forges
import GitClient
import OutboundHTTP

/// The way out to other people's hosts: one HTTP client for all forges, the secrets, and how git connects.
struct Outside: Sendable {
    let client: OutboundClient
    let secrets: SecretResolver
    /// Where git's children find their credentials.
    let scratchDirectory: String

    init(
        _ configuration: ControllerConfiguration, observer: @escaping @Sendable (OutboundExchange) -> Void = { _ in }
    ) {
        client = OutboundClient(
            destinations: DestinationGuard(policy: AddressPolicy(trusting: configuration.trustedHosts)),
            configuration: .init(userAgent: "sluice/\(Version.text)"), observer: observer)
        secrets = SecretResolver(environment: configuration.environment)
        scratchDirectory = configuration.gitScratchDirectory
    }

    /// A transport to a source that a manifest names: only to addresses that may be reached, and to exactly these.
    func transport(for source: ForgeSource) async throws -> GitTransport {
        let remote = source.remote
        var addresses: [IPAddress] = []
        if let host = remote.host, let port = remote.port {
            addresses = try await client.destinations.addresses(
                host: host, port: port, isSecure: remote.scheme != .http)
        }
        // Plain HTTP was refused above unless the operator trusts the host.
        return GitTransport(
            allowing: [.https, .http, .ssh],
            access: GitAccess(addresses: addresses.map(\.description), credential: source.credential),
            scratchDirectory: scratchDirectory)
    }

    /// The adapter's access to a forge of the desired state.
    func access(
        _ name: String, _ url: String, user: String? = nil, _ secret: SecretReference
    ) throws -> ForgeAccess {
        let secrets = secrets
        return try ForgeAccess(name: name, url: url, user: user, client: client) { try secrets.resolve(secret) }
    }
}
