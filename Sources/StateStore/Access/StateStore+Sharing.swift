import PostgresClient

extension StateStore {
    /// Whether anybody has ever said who may do what, or made a token, since ``forgetSharing()``.
    public func isShared() async throws -> Bool {
        try await pool.query("SELECT shared_since IS NOT NULL AS shared FROM sluice.installation").single().bool(
            "shared")
    }

    /// Notes that somebody has.
    public func noteSharing() async throws {
        _ = try await pool.query(
            "UPDATE sluice.installation SET shared_since = statement_timestamp() WHERE shared_since IS NULL")
    }

    /// Forgets it: the operator says that the controller is one person's.
    public func forgetSharing() async throws {
        _ = try await pool.query("UPDATE sluice.installation SET shared_since = NULL WHERE shared_since IS NOT NULL")
    }
}
