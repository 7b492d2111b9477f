import Diagnostics
import PostgresClient

/// Runs one changeset until it is done, or fails in a way that waiting does not mend. Each attempt goes into the history.
struct ChangeSetExecution {
    let connection: PostgresConnection
    let options: DeployerOptions
    let lock: HeldLock
    let prepared: PreparedChangeSet
    /// What the history says when it is done.
    let success: AttemptRecord.Event
    /// A query whose answer is true when the transaction was committed.
    let evidence: String
    /// How long the next attempt may take.
    let remaining: () throws -> Duration?
    /// Told why an attempt failed and when the next one comes.
    let retrying: (String) -> Void

    /// Makes attempts, each with a runner of its own.
    ///
    /// - Throws: ``ChangelogFailure``, `SluiceError` `changelog.lock-lost`, `changelog.connection-lost`.
    func run(_ body: (ChangeSetRunner) async throws -> Void) async throws {
        let begun = ContinuousClock.now
        var number = 1
        var outwaits = false
        while true {
            let runner = ChangeSetRunner(
                connection: connection, fence: lock.fence, prepared: prepared, deadline: try remaining(),
                runProgram: options.runProgram, outwaitsAutovacuum: outwaits)
            await lock.scribe.note(.begun, prepared) { $0.attempt = number }
            let start = ContinuousClock.now
            lock.watch.begin()
            do {
                try await body(runner)
                _ = lock.watch.end()
                return await note(success, number, since: start)
            } catch var failure as ChangelogFailure {
                failure.attempts = number
                let blockers = lock.watch.end()
                if failure.sqlState == "55P03" || failure.sqlState == "57014" { failure.blockers = blockers }
                if isLost(failure) { throw await afterLoss(failure, number, since: start) }
                await note(.failed, number, since: start, failure)
                // What a program did is not rolled back.
                let isWhole = prepared.changeSet.runInTransaction && !prepared.runsPrograms
                let isLeft = isWhole && ChangeSetRetries.canPass(failure.sqlState)
                guard isLeft,
                    let pause = options.retries.pause(
                        after: number, elapsed: begun.duration(to: .now), chance: options.chance())
                else { throw failure }
                let roots = failure.blockers.filter(\.isRoot)
                outwaits = !roots.isEmpty && roots.allSatisfy(\.isAutovacuum)
                retrying(Self.words(failure, pause))
                try await options.pause(pause)
                number += 1
            } catch {
                _ = lock.watch.end()
                await note(.failed, number, since: start, message: SluiceError(wrapping: error).message)
                throw error
            }
        }
    }

    private static func words(_ failure: ChangelogFailure, _ pause: Duration) -> String {
        let culprit = failure.blockers.first.map { "; blocked by \($0)" } ?? ""
        return "\(failure.message) (SQLSTATE \(failure.sqlState ?? ""))\(culprit); again in \(pause.milliseconds) ms"
    }

    private func note(
        _ event: AttemptRecord.Event, _ number: Int, since start: ContinuousClock.Instant,
        _ failure: ChangelogFailure? = nil, message: String? = nil
    ) async {
        await lock.scribe.note(event, prepared) { record in
            record.attempt = number
            record.milliseconds = start.duration(to: .now).milliseconds
            record.statement = failure?.statement
            record.statementCount = failure?.statementCount
            record.sqlState = failure?.sqlState
            record.location = failure?.location.description
            record.message = failure?.message ?? message
            record.blockers = failure?.blockers ?? []
        }
    }
}

/// When the session is lost, it depends on the moment whether the server has committed. The books know.
extension ChangeSetExecution {
    private func isLost(_ failure: ChangelogFailure) -> Bool {
        !connection.isUsable || (failure.cause as? PostgresError)?.kind == .connectionLost
    }

    /// The error to throw, when the outcome has been looked up as far as it can be.
    private func afterLoss(
        _ failure: ChangelogFailure, _ number: Int, since start: ContinuousClock.Instant
    ) async -> any Error {
        var failure = failure
        let inquiry = OutcomeInquiry(
            configuration: connection.configuration, session: LockHolder(lock.fence.holder)?.isSession ?? "false",
            evidence: evidence)
        guard let isDone = await inquiry.answer() else {
            await note(.unknown, number, since: start, failure)
            failure.message += "; whether the changeset has stayed, the next run will see in the books"
            return failure
        }
        guard isDone else {
            await note(.failed, number, since: start, failure)
            if prepared.changeSet.runInTransaction { failure.message += "; nothing of the changeset has stayed" }
            return failure
        }
        await note(success, number, since: start, message: "the session was lost behind the commit")
        return SluiceError(
            "changelog.connection-lost", .transient,
            "the session was lost when changeset \(prepared.identity) had been committed: it has stayed",
            hint: "run the command again: it goes on behind it", at: prepared.changeSet.location,
            detail: failure.message, cause: failure.cause)
    }
}
