import CLibpq

extension Exchange {
    /// What came of a query string of one or more statements.
    struct Outcome {
        /// The result of the last statement that succeeded.
        var last: QueryResult?
        /// How many statements succeeded.
        var succeeded = 0
        /// The first error.
        var failure: PostgresError?
    }

    /// Reads every result of a simple or extended query.
    func readResults() throws -> Outcome {
        var outcome = Outcome()
        while let raw = try nextResult() {
            switch PQresultStatus(raw) {
            case PGRES_SINGLE_TUPLE: PQclear(raw)
            case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
                note(PostgresError(result: raw), in: &outcome.failure)
                PQclear(raw)
            case PGRES_COPY_IN, PGRES_COPY_BOTH:
                PQclear(raw)
                let problem = "COPY FROM STDIN cannot be part of a script; it needs copyIn"
                note(PostgresError(.protocolViolation, problem), in: &outcome.failure)
                try endCopyIn(failingWith: problem)
            case PGRES_COPY_OUT:
                PQclear(raw)
                while try readCopyChunk(atLeast: 1) != nil {}
            default:
                outcome.last = QueryResult(raw)
                outcome.succeeded += 1
            }
        }
        return outcome
    }

    /// Keeps the first error. One that ends the session ends the connection.
    func note(_ error: PostgresError, in first: inout PostgresError?) {
        if error.kind == .connectionLost { drop() }
        if first == nil { first = error }
    }

    /// The result of the last statement, or the error.
    func result() throws -> PostgresRows {
        let outcome = try readResults()
        if let error = outcome.failure { throw failure(error) }
        guard let last = outcome.last else {
            throw PostgresError(.protocolViolation, "the server gave no result")
        }
        return PostgresRows(result: last)
    }
}
