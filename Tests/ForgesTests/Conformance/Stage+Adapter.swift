import Diagnostics
import Forges
import OutboundHTTP

extension Host {
    /// Those whose adapters stand.
    static let ready: [Host] = Host.allCases
    static let readyRemote = ready.filter { $0.type != nil }
}

extension Stage {
    /// Our adapter to a double, on the stage's clock.
    static func adapter(
        of host: Host, at baseURL: String, _ clock: StageClock,
        limits: OutboundClient.Configuration = .init(deadline: .seconds(120)),
        token: @escaping @Sendable () -> String = { Stage.token }
    ) async throws -> any Forge {
        let client = OutboundClient(
            destinations: DestinationGuard(policy: AddressPolicy(trusting: ["127.0.0.1"])),
            configuration: limits, randomness: Randomness { 0.5 },
            time: OutboundTime(
                monotonic: { clock.monotonic }, date: { clock.date }, sleep: { try await clock.sleep(for: $0) }))
        let access = try ForgeAccess(
            name: "conformance", url: baseURL, user: host == .gerrit ? login : nil, client: client,
            secret: { Secret(token()) })
        switch host {
        case .local: throw Missing()
        case .gerrit: return GerritForge(access)
        case .gitlab, .oldGitLab: return GitLabForge(access)
        case .github, .githubApp: return try GitHubForge(access)
        case .gitee: return GiteeForge(access)
        }
    }
}
