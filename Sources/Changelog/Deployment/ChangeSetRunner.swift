import Diagnostics
import PostgresClient

/// Runs one changeset together with its row in the books.
struct ChangeSetRunner {
    let connection: PostgresConnection
    let fence: Fence
    let prepared: PreparedChangeSet
    let deadline: Duration?

    /// Runs the statements and then `row`; returns the messages of the changes.
    ///
    /// - Throws: ``ChangelogFailure``; then nothing of a transactional changeset has stayed.
    @discardableResult
    func run(recordedBy row: String) async throws -> [String] {
        try await run(try statements(), recordedBy: row)
    }

    /// Runs other statements than the changeset's own, as above.
    @discardableResult
    func run(_ statements: [SQLStatement], recordedBy row: String) async throws -> [String] {
        let messages = statements.filter { $0.role == .message }.map(\.text)
        let work = statements.filter { $0.role != .message }
        if !prepared.changeSet.runInTransaction {
            try await runOneByOne(work)
            try await requireIdle()
            try await attempt(nil, work) { try await connection.execute(row, deadline: deadline) }
        } else if work.contains(where: { $0.role == .generator || !TransactionControl.isWhole($0.text) }) {
            try await runInSteps(work, row)
        } else {
            try await runAtOnce(work, row)
        }
        return messages
    }

    private func statements() throws -> [SQLStatement] {
        do {
            return try prepared.statements()
        } catch let stop as ChangelogStop {
            throw ChangelogFailure(
                identity: prepared.identity, location: prepared.changeSet.location, statementCount: 0,
                message: stop.message, isTransient: false, cause: stop)
        }
    }

    /// The whole transaction is one script, so it is one round trip.
    private func runAtOnce(_ statements: [SQLStatement], _ row: String) async throws {
        // The line ends keep a comment at the end of a statement from swallowing the semicolon.
        let opening = "BEGIN;\n\(fence.statement);\n"
        let separator = "\n;\n"
        let script = opening + (statements.map(\.text) + [row, "COMMIT"]).joined(separator: separator)
        do {
            try await connection.runScript(script, deadline: deadline)
        } catch {
            await rollBack()
            guard let error = error as? PostgresError else { throw error }
            if fence.isBreach(error) { throw lockLost }
            var start = opening.unicodeScalars.count + 1
            let place = error.script?.character ?? error.position ?? Int.max
            var failed: Int?
            for (index, statement) in statements.enumerated() where place >= start {
                let end = start + statement.text.unicodeScalars.count + separator.unicodeScalars.count
                if place < end {
                    failed = index
                    break
                }
                start = end
            }
            throw failure(error, failed, statements, position: error.position.map { $0 - start + 1 })
        }
        try await requireIdle()
    }

    /// Statements that ask the catalogs first cannot be part of one script.
    private func runInSteps(_ statements: [SQLStatement], _ row: String) async throws {
        do {
            try await attempt(nil, statements) {
                try await connection.runScript("BEGIN;\n\(fence.statement)", deadline: deadline)
            }
            try await runOneByOne(statements)
            try await attempt(nil, statements) { try await connection.runScript("\(row);\nCOMMIT", deadline: deadline) }
        } catch {
            await rollBack()
            throw error
        }
        try await requireIdle()
    }

    private func runOneByOne(_ statements: [SQLStatement]) async throws {
        for (index, statement) in statements.enumerated() {
            try Task.checkCancellation()
            try await attempt(index, statements) {
                guard statement.role == .generator else {
                    return try await connection.runScript(statement.text, deadline: deadline)
                }
                for row in try await connection.execute(statement.text, deadline: deadline) {
                    try await connection.runScript(try row.string(0), deadline: deadline)
                }
            }
        }
    }

    private func attempt<Result>(
        _ index: Int?, _ statements: [SQLStatement], _ body: () async throws -> Result
    ) async throws {
        do {
            _ = try await body()
        } catch let error as PostgresError {
            if fence.isBreach(error) { throw lockLost }
            throw failure(error, index, statements, position: error.position)
        }
    }

    private var lockLost: SluiceError {
        Fence.lost("changeset \(prepared.identity) was rolled back", at: prepared.changeSet.location)
    }

    /// Nothing may be left open behind a changeset.
    private func requireIdle() async throws {
        guard await connection.transactionStatus != .idle else { return }
        await rollBack()
        throw SluiceError(
            "changelog.transaction-control", .stalled,
            "changeset \(prepared.identity) left a transaction open, which was rolled back",
            at: prepared.changeSet.location)
    }

    private func rollBack() async {
        let connection = connection
        await Shielded.run {
            guard connection.isUsable, await connection.transactionStatus != .idle else { return }
            _ = try? await connection.execute("ROLLBACK", deadline: .seconds(10))
        }
    }

    private func failure(
        _ error: PostgresError, _ index: Int?, _ statements: [SQLStatement], position: Int?
    ) -> ChangelogFailure {
        let statement = index.flatMap { statements.indices.contains($0) ? statements[$0] : nil }
        return ChangelogFailure(
            identity: prepared.identity, location: place(in: statement, position: position),
            statement: index.map { $0 + 1 }, statementCount: statements.count, sql: statement?.text.limited(to: 2000),
            position: statement == nil ? nil : position.flatMap { $0 > 0 ? $0 : nil }, sqlState: error.sqlState,
            message: error.message, detail: error.detail ?? error.context, hint: error.hint,
            isTransient: error.isTransient, cause: error)
    }

    /// The line of the author's file, when the statement is the author's own and the server points into it.
    private func place(in statement: SQLStatement?, position: Int?) -> SourceLocation {
        guard let statement, let location = statement.location else { return prepared.changeSet.location }
        // Only the author's own text has a line without a column.
        guard location.column == nil, let line = location.line, let position else { return location }
        let lines = statement.text.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" }
        return SourceLocation(file: location.file, line: line + lines)
    }
}
