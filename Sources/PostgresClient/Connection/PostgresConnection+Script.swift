import CLibpq

extension PostgresConnection {
    /// Runs a script of several statements by the simple protocol, and throws away the rows it returns.
    ///
    /// Without transaction control of its own the script is one transaction. Rows are dropped as they arrive, so this is
    /// the way to run SQL that others wrote: a `SELECT` of a billion rows takes time, but no memory. A `COPY` to the
    /// client is thrown away likewise, and one from the client fails.
    ///
    /// - Throws: ``PostgresError`` whose ``PostgresError/script`` says where; `CancellationError`.
    public nonisolated func runScript(_ script: String, deadline: Duration? = nil) async throws {
        try SQL.rejectNUL(in: script, "a script")
        try await perform(deadline: deadline) { exchange in
            try exchange.send(PQsendQuery(exchange.connection, script))
            PQsetSingleRowMode(exchange.connection)
            let outcome = try exchange.readResults()
            guard var error = outcome.failure else { return }
            error.script = SQLScript.position(of: error, after: outcome.succeeded, in: script)
            throw exchange.failure(error)
        }
    }
}
