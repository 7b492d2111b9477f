public import Diagnostics
import Foundation
public import PostgresClient

extension ServerClaims {
    /// Why this installation may not work on a server under an instance's name: another one does. Nil when none does.
    ///
    /// Only looks, and needs no rights: ``hold(_:named:instance:)`` is for whoever is going to work.
    public func refusal(on server: PostgresServer, instance: String) async throws -> SluiceError? {
        let (found, now) = try await look(server, instance: instance)
        guard case .refuse(let seconds) = ServerClaim.decide(found, for: installation, at: now) else { return nil }
        return Self.refusal(of: instance, for: seconds)
    }

    /// The claim on a server as it stands, with the server's time in seconds since 1970.
    func look(_ server: PostgresServer, instance: String) async throws -> (claim: ServerClaim?, now: Int) {
        let row = try await server.pool.query(
            """
            SELECT extract(epoch FROM clock_timestamp())::bigint AS now, (
                SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = $1) AS claim
            """, [Self.role(of: instance)], deadline: .seconds(10)
        ).single()
        let claim = try row.optionalString("claim").flatMap {
            try? JSONDecoder().decode(ServerClaim.self, from: Data($0.utf8))
        }
        return (claim, Int(try row.int64("now")))
    }
}
