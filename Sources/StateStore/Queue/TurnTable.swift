import DesiredState
import PostgresClient

/// Whose turn it is at a place where one may act at a time, of all replicas: a branch that is merged into.
///
/// A turn ends with the lease under which it was taken, so that nobody has to extend it, and nothing stays of a process that
/// died. A process that was paused for longer than its lease may wake up with its turn gone and an effect under way:
/// whoever acts in turn still looks at what came of it.
public struct TurnTable: Sendable {
    let pool: PostgresPool

    /// Takes the turn at a place; false when somebody has it. Refused when the lease was taken over.
    public func take(_ place: String, under lease: Lease) async throws -> Bool {
        try await pool.transaction { connection in
            // The queue before other rows, as everywhere.
            try await connection.hold(lease)
            let holder: [any PostgresParameter] = [place, lease.key.kind, lease.key.name, lease.fence]
            let new = try await connection.query(
                """
                INSERT INTO sluice.turns (place, kind, name, fence) VALUES ($1, $2, $3, $4::bigint)
                ON CONFLICT (place) DO NOTHING RETURNING place
                """, holder)
            guard new.isEmpty else { return true }
            // Locked first, and looked at by a statement of its own: it sees the holder's lease as it is now.
            try await connection.query("SELECT FROM sluice.turns WHERE place = $1 FOR UPDATE", [place])
            let left = try await connection.query(
                """
                UPDATE sluice.turns AS turn SET kind = $2, name = $3, fence = $4::bigint
                WHERE place = $1 AND NOT EXISTS (
                    SELECT FROM sluice.work_items AS item
                    WHERE item.kind = turn.kind AND item.name = turn.name AND item.fence = turn.fence)
                RETURNING place
                """, holder)
            return !left.isEmpty
        }
    }

    /// Gives the turn back; nothing happens when somebody else has it.
    public func giveBack(_ place: String, under lease: Lease) async throws {
        try await pool.query(
            "DELETE FROM sluice.turns WHERE place = $1 AND fence = $2::bigint", [place, lease.fence])
    }
}
