import Diagnostics
import PostgresClient

/// Runs one changeset together with its row in the books.
struct ChangeSetRunner {
    let connection: PostgresConnection
    let fence: Fence
    let prepared: PreparedChangeSet
    let deadline: Duration?
    var runProgram: ProgramCall.Runner?
    /// Whether it waits for locks long enough for the server to end an autovacuum that holds them.
    var outwaitsAutovacuum = false

    /// Runs statements and then `row`, in one transaction.
    ///
    /// - Throws: ``ChangelogFailure``; then nothing has stayed.
    func run(_ statements: [SQLStatement], recordedBy row: String) async throws {
        let work = TransactionControl.withoutLastCommit(statements.filter { $0.role != .message })
        if work.contains(where: { $0.role != .statement || !TransactionControl.isWhole($0.text) }) {
            try await runInSteps(work, row)
        } else {
            try await runAtOnce(work, work.indices, row)
        }
    }

    private var opening: String {
        let settings = outwaitsAutovacuum ? [SessionSettings.outwaitingAutovacuum] : []
        return (["BEGIN", fence.statement] + settings).map { $0 + ";\n" }.joined()
    }

    /// The whole transaction is one script, so it is one round trip.
    ///
    /// - Parameters:
    ///   - statements: The statements of the changeset.
    ///   - range: Those that run now.
    ///   - ending: What is written behind them.
    func runAtOnce(_ statements: [SQLStatement], _ range: some RandomAccessCollection<Int>, _ ending: String)
        async throws
    {
        // The line ends keep a comment at the end of a statement from swallowing the semicolon.
        let separator = "\n;\n"
        let texts = range.map { statements[$0].text + validityCheck(statements[$0], separator) }
        let script = opening + (texts + [ending, "COMMIT"]).joined(separator: separator)
        do {
            try await connection.runScript(script, deadline: deadline)
        } catch {
            await rollBack()
            guard let error = error as? PostgresError else { throw error }
            if fence.isBreach(error) { throw lockLost }
            var start = opening.unicodeScalars.count + 1
            let place = error.script?.character ?? error.position ?? Int.max
            var failed: Int?
            for (index, text) in zip(range, texts) where place >= start {
                let end = start + text.unicodeScalars.count + separator.unicodeScalars.count
                if place < end {
                    failed = index
                    break
                }
                start = end
            }
            if let failed, error.message.contains(IndexStatement.complaint), error.sqlState == "22P02" {
                throw passedOver(statements[failed], failed)
            }
            throw failure(error, failed, statements, position: error.position.map { $0 - start + 1 })
        }
        try await requireIdle()
    }

    /// `IF NOT EXISTS` passes over an index that is there and invalid: that is no success.
    private func validityCheck(_ statement: SQLStatement, _ separator: String) -> String {
        guard let index = IndexStatement(statement.text), index.isConditional
        else { return "" }
        return separator + index.check
    }

    private func passedOver(_ statement: SQLStatement, _ index: Int) -> SluiceError {
        let name = IndexStatement(statement.text)?.name ?? ""
        return SluiceError(
            "changelog.invalid-index", .stalled,
            """
            changeset \(prepared.identity) was rolled back: statement \(index + 1) passes over the index \(name), which \
            is there and INVALID
            """, hint: "remove it with DROP INDEX \(name), and run the command again",
            at: statement.location ?? prepared.changeSet.location)
    }

    /// Runs statements one by one, each for itself, and then `row`; what stays when one fails, nobody notes.
    func runLoosely(_ statements: [SQLStatement], recordedBy row: String) async throws {
        let work = statements.filter { $0.role != .message }
        do {
            try await runOneByOne(work)
            try await requireIdle()
            try await attempt(nil, work) {
                try await connection.runScript("\(fence.statement);\n\(row)", deadline: deadline)
            }
        } catch {
            await rollBack()
            throw error
        }
    }

    /// Statements that ask the catalogs first cannot be part of one script.
    private func runInSteps(_ statements: [SQLStatement], _ row: String) async throws {
        do {
            try await attempt(nil, statements) {
                try await connection.runScript(opening, deadline: deadline)
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
        for index in statements.indices {
            try Task.checkCancellation()
            try await runOne(index, statements)
        }
    }

    /// Runs one of the changeset's statements by itself.
    func runOne(_ index: Int, _ statements: [SQLStatement]) async throws {
        let statement = statements[index]
        try await attempt(index, statements) {
            if case .program(let call) = statement.role { return try await run(call) }
            for text in try await statement.texts(on: connection, deadline: deadline) {
                // What the catalogs made of it, nobody has judged yet.
                if statement.role != .statement { try TransactionControl.require(prepared, statement, text) }
                try await connection.runScript(text, deadline: deadline)
            }
        }
    }

    private func run(_ call: ProgramCall) async throws {
        guard let runProgram else { throw ChangeFailure(message: "programs of changelogs are not run here") }
        do {
            try await runProgram(call)
        } catch let error where !(error is CancellationError) {
            throw ChangeFailure(message: SluiceError(wrapping: error).message)
        }
    }

    /// Runs `body`, and says which statement it was when the server refuses.
    func attempt<Result>(
        _ index: Int?, _ statements: [SQLStatement], _ body: () async throws -> Result
    ) async throws {
        do {
            _ = try await body()
        } catch let error as PostgresError {
            if fence.isBreach(error) { throw lockLost }
            throw failure(error, index, statements, position: error.position)
        } catch let error as ChangeFailure {
            throw ChangelogFailure(
                identity: prepared.identity, location: prepared.changeSet.location,
                statement: index.map { $0 + 1 }, statementCount: statements.count, message: error.message,
                isTransient: false, cause: error)
        }
    }

    private var lockLost: SluiceError {
        Fence.lost("changeset \(prepared.identity) was rolled back", at: prepared.changeSet.location)
    }

    /// Nothing may be left open behind a changeset.
    func requireIdle() async throws {
        guard await connection.transactionStatus != .idle else { return }
        await rollBack()
        throw SluiceError(
            "changelog.transaction-control", .stalled,
            "changeset \(prepared.identity) left a transaction open, which was rolled back",
            at: prepared.changeSet.location)
    }

    /// Rolls back what is open.
    func rollBack() async {
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
