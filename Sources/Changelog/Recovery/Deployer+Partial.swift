import Diagnostics
import PostgresClient

/// What is known of changesets that are applied in part.
extension Deployer {
    /// By what name the history of attempts knows this database; nil when that is not to be found out.
    public func databaseIdentity() async -> String? { await AttemptScribe.database(of: connection) }

    /// The changesets that are applied in part. Nothing is changed, and the lock is not taken.
    public func partialChangeSets(_ changelog: PreparedChangelog) async throws -> [PartialChangeSet] {
        let name = SQLValue.string(options.books.lockTableName)
        guard try await connection.execute("SELECT to_regclass(\(name)) IS NOT NULL").single().bool(0) else {
            return []
        }
        let entries = try await connection.execute(options.books.selectJournal).compactMap {
            JournalEntry(try $0.optionalString(0) ?? "")
        }
        let known = Dictionary(changelog.changeSets.map { (JournalEntry.key(of: $0.identity), $0) }) { first, _ in first
        }
        var partial: [PartialChangeSet] = []
        for entry in entries { partial.append(try await describe(entry, known[entry.key])) }
        return partial
    }

    private func describe(_ entry: JournalEntry, _ prepared: PreparedChangeSet?) async throws -> PartialChangeSet {
        let statements = try prepared?.requireStatements().filter { $0.role != .message } ?? []
        let isTransaction = prepared?.changeSet.runInTransaction ?? false
        let decision = try await Resumption(entry, statements, runInTransaction: isTransaction).settled(on: connection)
        var parts: [PartialChangeSet.Part] = []
        for (index, statement) in statements.enumerated() {
            let state = Self.state(of: index, entry)
            parts.append(
                PartialChangeSet.Part(
                    state: state,
                    location: statement.location ?? prepared?.changeSet.location ?? SourceLocation(file: ""),
                    text: statement.text, leftBehind: try await leftBehind(statement, state)))
        }
        var code: String?
        if case .failed(let state) = entry.state { code = state }
        var (resumesAt, refusal): (Int?, SluiceError?) = (nil, nil)
        switch decision {
        case .at(let index): resumesAt = prepared == nil ? nil : index + 1
        case .refused(let reason): refusal = prepared.map { reason.error($0, count: entry.count) }
        case .look, .lookForGone: break
        }
        return PartialChangeSet(
            name: prepared?.identity.description ?? entry.label, identity: prepared?.identity, applied: entry.applied,
            count: entry.count, sqlState: code, isInDoubt: entry.state == .intent, parts: parts, resumesAt: resumesAt,
            refusal: refusal)
    }

    private static func state(of index: Int, _ entry: JournalEntry) -> PartialChangeSet.State {
        if index < entry.applied { return .applied }
        guard index == entry.applied else { return .notRun }
        return switch entry.state {
        case .applied: .notRun
        case .intent: .unknown
        case .failed: .failed
        }
    }

    private func leftBehind(_ statement: SQLStatement, _ state: PartialChangeSet.State) async throws -> String? {
        if state == .notRun { return nil }
        if let index = IndexStatement(statement.text), index.isConcurrent {
            guard let found = try await IndexProbe(connection: connection).find(index) else { return nil }
            return "\(found.isValid ? "" : "INVALID ")index \(found.name)"
        }
        guard state == .applied, let effect = StatementEffect(statement.text),
            try await connection.execute(effect.presence).single().bool(0)
        else { return nil }
        return effect.object
    }
}
