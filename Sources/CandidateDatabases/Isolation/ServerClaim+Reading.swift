public import Diagnostics
import Foundation
public import PostgresClient

extension ServerClaims {
    /// Why this installation may not work on a server under an instance's name: another one does. Nil when none does.
    ///
    /// Only looks, and needs no rights: ``hold(_:named:instance:)`` is for whoever is going to work.
    public func refusal(on server: PostgresServer, instance: String) async throws -> SluiceError? {
        let row = try await server.pool.query(
            """
            SELECT extract(epoch FROM clock_timestamp())::bigint AS now, (
                SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = $1) AS claim
            """, [Self.role(of: instance)], deadline: .seconds(10)
        ).single()
        guard let comment = try row.optionalString("claim"),
            let found = try? JSONDecoder().decode(ServerClaim.self, from: Data(comment.utf8)),
            case .refuse(let seconds) = ServerClaim.decide(found, for: installation, at: Int(try row.int64("now")))
        else { return nil }
        return Self.refusal(of: instance, for: seconds)
    }
}
