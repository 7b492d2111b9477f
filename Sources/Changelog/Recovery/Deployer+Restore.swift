import Diagnostics
import PostgresClient

/// Taking back changesets that are applied in part.
extension Deployer {
    /// What ``restore(_:)`` would send.
    ///
    /// - Throws: `SluiceError` `changelog.rollback-impossible`
    public func restoration(_ changelog: PreparedChangelog) async throws -> [String] {
        var texts: [String] = []
        for partial in try await partialChangeSets(changelog) {
            guard let prepared = changelog.changeSets.first(where: { $0.identity == partial.identity }) else {
                continue
            }
            let statements = try Self.work(of: prepared)
            let (invalid, applied) = try await remains(statements, partial)
            if let invalid { texts.append("DROP INDEX CONCURRENTLY IF EXISTS \(invalid.name)") }
            texts += try plan(prepared, statements, applied, changelog).steps.map(\.statement.text)
        }
        return texts
    }

    /// Takes back what is applied of the changesets that are applied in part, the last statement first, and looks that it
    /// is gone. The next update runs them from the beginning.
    ///
    /// - Returns: The changesets.
    /// - Throws: `SluiceError` `changelog.rollback-impossible` when a statement has no way back and nothing was done;
    ///   `changelog.not-restored` when something is still there; ``ChangelogFailure``.
    @discardableResult
    public func restore(_ changelog: PreparedChangelog) async throws -> [ChangeSet.Identity] {
        try await connection.execute(SessionSettings(options: options).script)
        return try await locked { lock in
            var restored: [ChangeSet.Identity] = []
            for partial in try await partialChangeSets(changelog).reversed() {
                guard let prepared = changelog.changeSets.first(where: { $0.identity == partial.identity }) else {
                    throw SluiceError(
                        "changelog.rollback-impossible", .stalled,
                        "changeset \(partial.name) is not in this changelog any more")
                }
                try await restore(prepared, partial, lock, changelog)
                restored.append(prepared.identity)
            }
            return restored
        }
    }

    private func restore(
        _ prepared: PreparedChangeSet, _ partial: PartialChangeSet, _ lock: HeldLock, _ changelog: PreparedChangelog
    ) async throws {
        if let refusal = partial.refusal, refusal.code == "changelog.partly-applied-edited", !partial.isInDoubt,
            lock.journal[JournalEntry.key(of: prepared.identity)].map({ isEdited($0, prepared) }) ?? true
        {
            throw refusal
        }
        let statements = try Self.work(of: prepared)
        let (invalid, applied) = try await remains(statements, partial)
        let plan = try plan(prepared, statements, applied, changelog)
        let execution = ChangeSetExecution(
            connection: connection, options: options, lock: lock, prepared: prepared, success: .rolledBack,
            evidence: options.books.isMissing(prepared.identity), remaining: { options.changeSetDeadline },
            retrying: { _ in })
        try await execution.run { runner in
            if let invalid { try await IndexProbe(connection: connection).drop(invalid) }
            for step in plan.steps { try await take(step, prepared, statements, runner) }
            // Statements that leave nothing have no step, and still stand in the journal.
            let key = JournalEntry.key(of: prepared.identity)
            try await lock.fence.execute(options.books.removeJournal(of: key), on: connection)
        }
    }

    private func take(
        _ step: RestorePlan.Step, _ prepared: PreparedChangeSet, _ statements: [SQLStatement], _ runner: ChangeSetRunner
    ) async throws {
        let entry = JournalEntry(prepared.identity, statements, applied: max(0, step.leaves), state: .applied)
        let ending = step.leaves > 0 ? options.books.write(entry) : "SELECT"
        if StatementKind(step.statement) == .transactional {
            try await runner.runAtOnce([step.statement], 0...0, ending)
        } else {
            try await runner.runOne(0, [step.statement])
            try await connection.runScript("\(runner.fence.statement);\n\(ending)")
        }
        guard let presence = step.presence, try await connection.execute(presence).single().bool(0) else { return }
        throw SluiceError(
            "changelog.not-restored", .stalled,
            "changeset \(prepared.identity): what \(step.statement.text) should have removed is still there",
            hint: "look why, and run the command again", at: prepared.changeSet.location)
    }

    private func plan(
        _ prepared: PreparedChangeSet, _ statements: [SQLStatement], _ applied: Int, _ changelog: PreparedChangelog
    ) throws -> RestorePlan {
        do {
            return try RestorePlan(prepared, statements, applied: applied, in: changelog)
        } catch let impossible as RollbackImpossible {
            throw SluiceError(
                "changelog.rollback-impossible", .stalled,
                "changeset \(prepared.identity) cannot be taken back: \(impossible.reason)",
                hint: "take it back by hand, and say so with forget", at: prepared.changeSet.location)
        }
    }

    /// What a statement that failed, or whose outcome is unknown, has left: an invalid index, or a whole one, which counts
    /// as applied.
    private func remains(
        _ statements: [SQLStatement], _ partial: PartialChangeSet
    ) async throws -> (IndexProbe.Found?, applied: Int) {
        guard let next = statements.dropFirst(partial.applied).first, let index = IndexStatement(next.text),
            index.isConcurrent, let found = try await IndexProbe(connection: connection).find(index)
        else { return (nil, partial.applied) }
        if !found.isValid { return (found, partial.applied) }
        return (nil, partial.isInDoubt ? partial.applied + 1 : partial.applied)
    }

    private func isEdited(_ entry: JournalEntry, _ prepared: PreparedChangeSet) -> Bool {
        guard let statements = try? Self.work(of: prepared) else { return true }
        return JournalEntry.digest(statements.prefix(entry.applied)) != entry.head
    }

    private static func work(of prepared: PreparedChangeSet) throws -> [SQLStatement] {
        try prepared.requireStatements().filter { $0.role != .message }
    }
}
