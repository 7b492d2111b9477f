import DesiredState
import Diagnostics
import Foundation
public import PostgresClient

/// Who works on a server under an instance's name: one installation, all its replicas, and nobody else for as long as it does.
///
/// Two installations that go by one name would each drop the databases of the other's candidates. So whoever works there
/// says so, again and again, in the comment of a role of the server; another one stays away until that is long ago. An
/// installation that lost its state store is another one, and waits as long.
struct ServerClaim: Hashable, Sendable, Codable {
    /// The installation: the id of its state store.
    var installation: String
    /// When it said so last, by the server's clock, in seconds since 1970.
    var renewed: Int

    /// After how many seconds a claim that is not renewed is nobody's.
    static let lifetime = 1_200
    /// After how many seconds it is renewed.
    static let renewal = 240

    /// What there is to do about a claim that was found.
    enum Decision: Hashable {
        case keep
        case write
        /// Somebody else has it, for so many seconds.
        case refuse(seconds: Int)
    }

    /// Decides.
    static func decide(_ found: ServerClaim?, for installation: String, at now: Int) -> Decision {
        guard let found else { return .write }
        let (age, isAbsurd) = now.subtractingReportingOverflow(found.renewed)
        // What names no time of this world is nobody's claim.
        guard !isAbsurd, age > -lifetime else { return .write }
        if found.installation == installation { return age < renewal && age >= 0 ? .keep : .write }
        return age < lifetime ? .refuse(seconds: lifetime - max(age, 0)) : .write
    }
}

/// The claims of this installation on the servers that it works on.
public actor ServerClaims {
    let installation: String
    private let clock = ContinuousClock()
    /// When each was last looked at; by server and instance.
    private var held: [String: ContinuousClock.Instant] = [:]

    /// Makes the claims of an installation.
    /// - Parameter installation: The id of its state store.
    public init(installation: String) { self.installation = installation }

    /// Makes sure that nobody else works on a server under an instance's name, and that we may. Asks the server every few
    /// minutes only.
    /// - Parameter name: The server's name in the desired state.
    /// - Throws: `server.claimed`, stalled, while another installation does; `server.too-old`, `server.rights-missing`.
    public func hold(_ server: PostgresServer, named name: String, instance: String) async throws {
        let key = "\(name)/\(server.pool.configuration.host)/\(instance)"
        if let last = held[key], clock.now - last < .seconds(ServerClaim.renewal) { return }
        held[key] = nil
        try ServerRights(try await server.privileges(), version: try await server.version()).require()
        try await claim(server, instance: instance)
        held[key] = clock.now
    }

    /// How often claims are to be renewed, whatever passes there are: a few times before another installation would take one.
    public static let renewalInterval = Duration.seconds(ServerClaim.renewal / 2)

    /// Says once more that we work on a server, where we have said so before. One that we never began to work on is left to
    /// whoever does: a copy of an installation that stands still claims nothing.
    /// - Returns: Whether the server is ours.
    /// - Throws: `server.claimed`, stalled, when another installation has taken it.
    @discardableResult
    public func renew(_ server: PostgresServer, instance: String) async throws -> Bool {
        let (found, now) = try await look(server, instance: instance)
        guard let found else { return false }
        switch ServerClaim.decide(found, for: installation, at: now) {
        case .keep: return true
        case .refuse(let seconds): throw Self.refusal(of: instance, for: seconds)
        case .write:
            guard found.installation == installation else { return false }
            try await claim(server, instance: instance)
            return true
        }
    }

    /// The role whose comment is the claim.
    static func role(of instance: String) -> String { "sluice-claim-\(DatabaseNames.digest([instance], length: 16))" }

    private func claim(_ server: PostgresServer, instance: String) async throws {
        let role = Self.role(of: instance)
        let installation = installation
        let refusal: Int? = try await server.pool.transaction { connection in
            // One at a time, over all installations. A process that stands still in here is not waited for.
            try await connection.execute("SET LOCAL idle_in_transaction_session_timeout = '15s'")
            try await connection.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [role])
            let rows = try await connection.query(
                """
                SELECT extract(epoch FROM clock_timestamp())::bigint AS now, (
                    SELECT coalesce(shobj_description(oid, 'pg_authid'), '') FROM pg_roles WHERE rolname = $1) AS claim
                """, [role])
            guard let row = rows.first else { return nil }
            let now = Int(try row.int64("now"))
            let comment = try row.optionalString("claim")
            let found = comment.flatMap { try? JSONDecoder().decode(ServerClaim.self, from: Data($0.utf8)) }
            switch ServerClaim.decide(found, for: installation, at: now) {
            case .keep: return nil
            case .refuse(let seconds): return seconds
            case .write:
                let name = try SQL.identifier(role)
                if comment == nil { try await connection.execute("CREATE ROLE \(name) NOLOGIN") }
                let claim = try JSONValue(encoding: ServerClaim(installation: installation, renewed: now)).canonicalText
                try await connection.execute("COMMENT ON ROLE \(name) IS \(try SQL.literal(claim))")
                return nil
            }
        }
        if let refusal { throw Self.refusal(of: instance, for: refusal) }
    }

    static func refusal(of instance: String, for seconds: Int) -> SluiceError {
        SluiceError(
            "server.claimed", .stalled,
            "another installation of Sluice works on this server under the instance \(instance)",
            hint:
                "give one of the two another spec.instance in its DatabaseServer; one that is gone for good is forgotten"
                + " in \(ConfigurationDuration.format(.seconds(seconds)))")
    }
}
