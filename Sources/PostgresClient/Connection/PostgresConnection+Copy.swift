import CLibpq

extension PostgresConnection {
    /// Runs a `COPY … FROM STDIN` with the data of `source`, and returns how many rows went in.
    ///
    /// Pieces need not end where rows do. When `source` throws or the task is cancelled the server takes no row.
    ///
    /// - Throws: ``PostgresError``; `CancellationError`; what `source` throws.
    @discardableResult
    public nonisolated func copyIn<Source: AsyncSequence>(
        _ sql: String, from source: Source, deadline: Duration? = nil
    ) async throws -> Int where Source.Element == [UInt8] {
        try SQL.rejectNUL(in: sql, "a statement")
        let limit = deadline.map { ContinuousClock.now + $0 }
        let request = StatementRequest()
        return try await stoppable(request) {
            try await beginCopy(sql, expecting: PGRES_COPY_IN, request, until: limit)
            do {
                for try await piece in source { try await putCopyData(piece) }
                try request.stopReason.map { throw $0.error }
            } catch {
                await abandonCopyIn(because: "the client gave up")
                throw error
            }
            return try await endCopyIn()
        }
    }

    /// Runs a `COPY … FROM STDIN` with data that is at hand, and returns how many rows went in.
    @discardableResult
    public nonisolated func copyIn(
        _ sql: String, from pieces: [[UInt8]], deadline: Duration? = nil
    ) async throws -> Int {
        let source = AsyncStream<[UInt8]> { continuation in
            for piece in pieces { continuation.yield(piece) }
            continuation.finish()
        }
        return try await copyIn(sql, from: source, deadline: deadline)
    }

    /// Runs a `COPY … TO STDOUT` and hands its data to `receive`, whole rows, about 64 KiB at a time.
    ///
    /// The server waits for a slow receiver. When `receive` throws the statement is cancelled.
    ///
    /// - Returns: how many rows came out.
    /// - Throws: ``PostgresError``; `CancellationError`; what `receive` throws.
    @discardableResult
    public nonisolated func copyOut(
        _ sql: String, deadline: Duration? = nil, _ receive: ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try SQL.rejectNUL(in: sql, "a statement")
        let limit = deadline.map { ContinuousClock.now + $0 }
        let request = StatementRequest()
        return try await stoppable(request) {
            try await beginCopy(sql, expecting: PGRES_COPY_OUT, request, until: limit)
            do {
                while let chunk = try await readCopyChunk() { try await receive(chunk) }
            } catch {
                await abandonCopyOut()
                throw error
            }
            return try await endCopyOut()
        }
    }
}

extension PostgresConnection {
    private func beginCopy(
        _ sql: String, expecting status: ExecStatusType, _ request: StatementRequest,
        until limit: ContinuousClock.Instant?
    ) throws {
        let exchange = try beginExchange(request, as: .copying, until: limit)
        do {
            try exchange.send(PQsendQuery(exchange.connection, sql))
            guard let raw = try exchange.nextResult() else { throw exchange.lost() }
            guard PQresultStatus(raw) == status else { throw try refusal(of: raw, exchange) }
            PQclear(raw)
        } catch {
            endExchange()
            throw error
        }
    }

    /// Why a statement that should have been a COPY is none. Its remaining results are read.
    private func refusal(of raw: OpaquePointer, _ exchange: Exchange) throws -> any Error {
        let status = PQresultStatus(raw)
        let error = status == PGRES_FATAL_ERROR ? PostgresError(result: raw) : nil
        PQclear(raw)
        if status == PGRES_COPY_IN { try exchange.endCopyIn(failingWith: "not a COPY FROM STDIN") }
        if status == PGRES_COPY_OUT { while try exchange.readCopyChunk(atLeast: 1) != nil {} }
        _ = try exchange.readResults()
        return error.map(exchange.failure)
            ?? PostgresError(.protocolViolation, "the statement is not a COPY in this direction")
    }

    private func putCopyData(_ bytes: [UInt8]) throws {
        try continueExchange { exchange in
            try exchange.checkStop()
            try exchange.putCopyData(bytes)
        }
    }

    private func endCopyIn() throws -> Int {
        defer { endExchange() }
        return try continueExchange { exchange in
            try exchange.endCopyIn(failingWith: nil)
            return try exchange.result().affected
        }
    }

    private func abandonCopyIn(because reason: String) {
        defer { endExchange() }
        // What this says is known already: the caller gets the first error.
        _ = try? continueExchange { exchange in
            try exchange.endCopyIn(failingWith: reason)
            _ = try exchange.readResults()
        }
    }

    private func readCopyChunk() throws -> [UInt8]? {
        try continueExchange { try $0.readCopyChunk(atLeast: 64 * 1024) }
    }

    private func endCopyOut() throws -> Int {
        defer { endExchange() }
        return try continueExchange { try $0.result().affected }
    }

    private func abandonCopyOut() {
        defer { endExchange() }
        _ = try? continueExchange { exchange in
            exchange.cancelStatement(.statementCancelled)
            while try exchange.readCopyChunk(atLeast: 1) != nil {}
            _ = try exchange.readResults()
        }
    }
}
