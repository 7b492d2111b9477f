import CLibpq

/// One statement of a pipeline.
public struct PostgresStatement: Sendable, Hashable {
    /// The SQL, one statement only.
    public let sql: String
    /// The values of `$1`, `$2`, ….
    public let parameters: [PostgresValue]

    /// Makes a statement.
    public init(_ sql: String, _ parameters: [any PostgresParameter] = []) {
        self.sql = sql
        self.parameters = parameters.map(\.postgresValue)
    }
}

extension PostgresConnection {
    /// Sends many statements without waiting between them: one round trip for all, where each alone takes one.
    ///
    /// Outside of a transaction they are one of their own: all take effect, or none. `BEGIN`, `COMMIT` and `COPY` do not
    /// belong in a pipeline.
    ///
    /// - Returns: the results, one a statement.
    /// - Throws: ``PostgresError`` of the first statement that failed, with its ``PostgresError/statementIndex``.
    @discardableResult
    public nonisolated func pipeline(
        _ statements: [PostgresStatement], deadline: Duration? = nil
    ) async throws -> [PostgresRows] {
        guard !statements.isEmpty else { return [] }
        let prepared = try statements.map { statement in
            try SQL.rejectNUL(in: statement.sql, "a statement")
            return (sql: statement.sql, parameters: try ParameterBuffer(statement.parameters))
        }
        return try await perform(deadline: deadline) { exchange in
            let connection = exchange.connection
            guard PQenterPipelineMode(connection) == 1 else { throw exchange.refused() }
            // libpq gives the rows of a pipeline's first statement one by one when a script ran before. So an empty one is first.
            guard PQsendQueryParams(connection, "", 0, nil, nil, nil, nil, 0) == 1 else { throw exchange.lost() }
            for statement in prepared {
                guard statement.parameters.send(statement.sql, to: connection) == 1 else { throw exchange.lost() }
            }
            try exchange.send(PQpipelineSync(connection))
            let results = try exchange.readPipeline(of: prepared.count)
            if exchange.mustDrop { return try results.get() }
            guard PQexitPipelineMode(connection) == 1 else { throw exchange.lost() }
            return try results.get()
        }
    }
}

extension Exchange {
    /// Reads the results of `count` statements and of the synchronisation point behind them.
    fileprivate func readPipeline(of count: Int) throws -> Result<[PostgresRows], any Error> {
        var results: [PostgresRows] = []
        var failure: PostgresError?
        var isSynchronised = false
        while !isSynchronised {
            // A statement's results end with nil, and nil is also what comes between two statements.
            guard let raw = try nextResult() else {
                if PQstatus(connection) != CONNECTION_OK { throw lost() }
                continue
            }
            switch PQresultStatus(raw) {
            case PGRES_PIPELINE_SYNC:
                isSynchronised = true
                PQclear(raw)
            case PGRES_PIPELINE_ABORTED, PGRES_EMPTY_QUERY: PQclear(raw)
            case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
                var error = PostgresError(result: raw)
                error.statementIndex = results.count
                note(error, in: &failure)
                PQclear(raw)
                if mustDrop { return .failure(self.failure(error)) }
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                PQclear(raw)
                _ = lost()
                throw PostgresError(.protocolViolation, "COPY cannot be part of a pipeline")
            default: results.append(PostgresRows(result: QueryResult(raw)))
            }
        }
        if let failure { return .failure(self.failure(failure)) }
        guard results.count == count else {
            return .failure(PostgresError(.protocolViolation, "\(count) statements gave \(results.count) results"))
        }
        return .success(results)
    }
}
