extension PostgresServer {
    /// Ends the sessions on a database, our own apart, and returns how many were told to end.
    ///
    /// They are told, not awaited. To keep new ones out, call ``setAllowsConnections(_:ofDatabase:)`` before.
    @discardableResult
    public func terminateSessions(ofDatabase name: String) async throws -> Int {
        try await pool.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            """, [name]
        ).count
    }

    /// How many client sessions a database has.
    public func sessionCount(ofDatabase name: String) async throws -> Int {
        try await pool.query(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'", [name]
        ).single().int(0)
    }

    /// Cancels what a session runs. False when there is no such session.
    @discardableResult
    public func cancelStatement(ofProcess processID: Int32) async throws -> Bool {
        try await pool.query("SELECT pg_cancel_backend($1)", [processID]).single().bool(0)
    }

    /// Ends a session and waits up to `patience` for it to be gone. False when it was gone already or would not go.
    @discardableResult
    public func terminateSession(
        ofProcess processID: Int32, patience: Duration = .seconds(5)
    ) async throws -> Bool {
        let milliseconds = max(1, patience.components.seconds * 1000)
        return try await pool.query("SELECT pg_terminate_backend($1, $2)", [processID, milliseconds]).single().bool(0)
    }
}
