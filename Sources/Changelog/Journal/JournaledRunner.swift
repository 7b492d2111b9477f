import Diagnostics
import PostgresClient

/// Runs a changeset that is no transaction, statement by statement, and keeps a journal of how far it is.
///
/// What may stand in a transaction runs in one with its entry in the journal, so it is never in doubt. Before any other
/// statement it is written down that it will be sent, and behind it that it is applied. The last entry goes when the row
/// in the books comes, in one transaction.
struct JournaledRunner {
    let runner: ChangeSetRunner
    let options: DeployerOptions
    let statements: [SQLStatement]

    init(runner: ChangeSetRunner, options: DeployerOptions, statements: [SQLStatement]) {
        self.runner = runner
        self.options = options
        self.statements = statements.filter { $0.role != .message }
    }

    private var connection: PostgresConnection { runner.connection }
    private var prepared: PreparedChangeSet { runner.prepared }
    private var key: String { JournalEntry.key(of: prepared.identity) }

    /// Runs the statements from one on, and writes the row.
    func run(from start: Int, recordedBy row: String) async throws {
        // What the applied statements set for their session is set again for this one.
        for index in statements.indices.prefix(start) where StatementKind(statements[index]) == .session {
            try await runner.runOne(index, statements)
        }
        var durable = start
        do {
            for index in statements.indices.dropFirst(start) {
                try Task.checkCancellation()
                let isFree = await connection.transactionStatus == .idle
                if isFree { durable = index }
                let kind = StatementKind(statements[index])
                let isLast = index == statements.count - 1
                if isFree, kind == .transactional {
                    let ending = isLast ? closing(row) : options.books.write(entry(index + 1, .applied))
                    try await runner.runAtOnce(statements, index...index, ending)
                    if isLast { return }
                } else {
                    try await runDirectly(index, kind)
                    if !isLast { try await write(entry(index + 1, .applied)) }
                }
            }
            durable = statements.count
            try await runner.requireIdle()
            try await runner.attempt(nil, statements) { try await fenced(closing(row)) }
        } catch {
            await settle(error, durable, start)
            throw error
        }
    }

    private func closing(_ row: String) -> String { "\(row);\n\(options.books.removeJournal(of: key))" }

    private func entry(_ applied: Int, _ state: JournalEntry.State) -> JournalEntry {
        JournalEntry(prepared.identity, statements, applied: applied, state: state)
    }

    private func write(_ entry: JournalEntry, settings: String = "") async throws {
        try await runner.attempt(nil, statements) { try await fenced(options.books.write(entry) + settings) }
    }

    private func fenced(_ script: String) async throws {
        try await connection.runScript("\(runner.fence.statement);\n\(script)", deadline: runner.deadline)
    }

    private func runDirectly(_ index: Int, _ kind: StatementKind) async throws {
        if case .createIndex(let statement) = kind { try await makeRoom(for: statement, index) }
        let settings = kind.isConcurrent ? ";\n" + SessionSettings(options: options).forConcurrent : ""
        try await write(entry(index, .intent), settings: settings)
        let result: Result<Void, any Error>
        do { result = .success(try await runner.runOne(index, statements)) } catch { result = .failure(error) }
        if kind.isConcurrent {
            let connection = connection
            await Shielded.run { _ = try? await connection.execute(SessionSettings.afterConcurrent) }
        }
        try result.get()
        if case .createIndex(let statement) = kind { try await requireValid(statement, index) }
    }

    /// An index that another attempt left invalid is removed, so that it is made anew and not passed over.
    private func makeRoom(for index: IndexStatement, _ number: Int) async throws {
        let probe = IndexProbe(connection: connection)
        guard let found = try await probe.find(index), !found.isValid else { return }
        guard !found.isBeingBuilt, found.isHere, try await probe.isAsWritten(found, index) else {
            // Without IF NOT EXISTS the server itself refuses to make it.
            guard index.isConditional || found.isBeingBuilt else { return }
            throw invalid(
                found, number, found.isBeingBuilt ? "somebody builds it now" : "it is not the one written here")
        }
        try await runner.attempt(number, statements) { try await probe.drop(found) }
    }

    private func requireValid(_ index: IndexStatement, _ number: Int) async throws {
        guard let found = try await IndexProbe(connection: connection).find(index), !found.isValid else { return }
        throw invalid(found, number, "it was there before")
    }

    private func invalid(_ found: IndexProbe.Found, _ number: Int, _ reason: String) -> SluiceError {
        SluiceError(
            "changelog.invalid-index", .stalled,
            """
            changeset \(prepared.identity) cannot go on at statement \(number + 1): the index \(found.name) is INVALID, \
            and \(reason)
            """, hint: "remove it with DROP INDEX CONCURRENTLY \(found.name), and run the command again",
            at: statements[number].location ?? prepared.changeSet.location, detail: found.definition)
    }

    /// Notes where it stopped, as far as the session still can. An entry that would say nothing is not kept.
    private func settle(_ error: any Error, _ durable: Int, _ start: Int) async {
        let refusal = (error as? SluiceError)?.code
        guard refusal != "changelog.lock-lost", connection.isUsable else { return }
        let code = (error as? ChangelogFailure)?.sqlState ?? (error is CancellationError ? "57014" : "")
        await runner.rollBack()
        var leaves = durable > 0
        // What is refused for an index of others has done nothing itself.
        if !leaves, refusal != "changelog.invalid-index", statements.indices.contains(durable) {
            switch StatementKind(statements[durable]) {
            case .createIndex(let index):
                let connection = connection
                let found = await Task { try await IndexProbe(connection: connection).find(index) }.result
                if case .success(nil) = found { leaves = false } else { leaves = true }
            case .opaque: leaves = true
            default: leaves = false
            }
        }
        let script = leaves ? options.books.write(entry(durable, .failed(code))) : options.books.removeJournal(of: key)
        let (connection, fence) = (connection, runner.fence)
        await Shielded.run {
            _ = try? await connection.runScript("\(fence.statement);\n\(script)", deadline: .seconds(10))
        }
    }
}
