import ChildProcess
import Diagnostics
import ForgeDoubles
import Forges
import GitClient
import NIOConcurrencyHelpers
import OutboundHTTP
import TestSupport
import Testing

/// Adapters, and git, on a network that is broken below HTTP.
@Suite("Hosts behind a broken network")
struct NetworkFaultTests {
    /// A resolver whose answer can be taken away.
    private final class FragileResolver: HostResolver {
        private let isWell = NIOLockedValueBox(true)

        func set(well: Bool) { isWell.withLockedValue { $0 = well } }

        func addresses(of host: String) async throws -> [IPAddress] {
            guard isWell.withLockedValue({ $0 }), let address = IPAddress("127.0.0.1") else {
                throw SluiceError("outbound.host-unknown", .transient, "the host's name has no address")
            }
            return [address]
        }
    }

    private static func client(
        _ resolver: any HostResolver = FragileResolver(), deadline: Duration = .seconds(20),
        lifetime: Duration = .zero
    ) -> OutboundClient {
        OutboundClient(
            destinations: DestinationGuard(policy: AddressPolicy(trusting: ["forge.test"]), resolver: resolver),
            configuration: .init(
                connectTimeout: deadline, deadline: deadline, attempts: 1, addressLifetime: lifetime))
    }

    private static func forges(at url: String, _ client: OutboundClient) throws -> [any Forge] {
        let access = try ForgeAccess(name: "host", url: url, user: "sluice", client: client) { Secret("token") }
        return [GerritForge(access), GitLabForge(access), try GitHubForge(access), GiteeForge(access)]
    }

    /// What a list of candidates ends in, at every forge.
    private static func expectListing(
        at url: String, _ client: @autoclosure () -> OutboundClient, toFailWith code: SluiceError.Code,
        _ kind: SluiceError.Kind
    ) async throws {
        for forge in try forges(at: url, client()) {
            let error = await #expect(throws: SluiceError.self, "\(type(of: forge))") {
                try await forge.openCandidates(project: try ProjectRef("land/registry"), branch: try .branch("main"))
            }
            #expect(error?.code == code, "\(type(of: forge)): \(String(reflecting: error))")
            #expect(error?.kind == kind)
        }
    }

    /// What a list of references ends in.
    private static func expectReferences(at url: String, deadline: Duration = .seconds(60)) async -> SluiceError? {
        var transport = GitTransport(allowing: [.https, .http], access: GitAccess(addresses: ["127.0.0.1"]))
        transport.deadline = deadline
        do {
            let found = try await transport.lsRemote(try GitRemote("\(url)/land/registry.git"))
            Issue.record("\(found.targets.count) references were found")
        } catch { return SluiceError(wrapping: error) }
        return nil
    }

    @Test("F-03: a name that resolves to nothing is a failure that passes, never an empty list")
    func unresolved() async throws {
        let resolver = FragileResolver()
        resolver.set(well: false)
        try await Self.expectListing(
            at: "http://forge.test:1", Self.client(resolver), toFailWith: "outbound.host-unknown", .transient)
        let unreachable = await Self.expectReferences(at: "http://forge.test:1")
        #expect(unreachable?.code == "git.transport-failed" && unreachable?.kind == .transient)
    }

    @Test("F-03: once a name resolves again, the same client lists the candidates")
    func resolvedAgain() async throws {
        try await Stage.with(.gitlab) { stage in
            guard case .double(_, let baseURL) = stage.place else { return }
            let proposal = try await stage.propose(1)
            let resolver = FragileResolver()
            let url = baseURL.replacing("127.0.0.1", with: "forge.test")
            let access = try ForgeAccess(name: "host", url: url, client: Self.client(resolver)) {
                Secret(Stage.token)
            }
            let forge = GitLabForge(access)
            func list() async throws -> [CandidateID] {
                try await forge.openCandidates(project: stage.project, branch: stage.master).map(\.id)
            }
            #expect(try await list() == [proposal.id])
            resolver.set(well: false)
            let error = await #expect(throws: SluiceError.self) { try await list() }
            #expect(error?.code == "outbound.host-unknown")
            resolver.set(well: true)
            #expect(try await list() == [proposal.id])
        }
    }

    @Test("F-03: a certificate that nobody vouches for is refused for good, over HTTP and by git")
    func selfSigned() async throws {
        let server = try await SelfSignedServer.start()
        let url = "https://forge.test:\(server.port)"
        try await Self.expectListing(at: url, Self.client(), toFailWith: "outbound.certificate-refused", .stalled)
        let error = await Self.expectReferences(at: url)
        #expect(error?.code == "git.certificate-refused", "\(String(reflecting: error))")
        #expect(error?.kind == .stalled)
        try await server.stop()
    }

    @Test(
        "F-03: a host that takes the connection and never answers is waited for until the deadline, with TLS or without"
    )
    func halfOpen() async throws {
        let server = try await SilentServer.start()
        for scheme in ["http", "https"] {
            let url = "\(scheme)://forge.test:\(server.port)"
            try await Self.expectListing(
                at: url, Self.client(deadline: .milliseconds(200)), toFailWith: "outbound.timed-out", .transient)
            let error = await Self.expectReferences(at: url, deadline: .milliseconds(500))
            #expect(error?.kind == .transient, "\(String(reflecting: error))")
        }
        try await server.stop()
    }
}
