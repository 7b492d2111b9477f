import Diagnostics
import PostgresClient

/// One run of an update: from the books as they are to the last changeset.
struct Update {
    let deployer: Deployer
    let changelog: PreparedChangelog
    let progress: (@Sendable (DeploymentProgress) -> Void)?
    private let lock: HeldLock
    private let deploymentID: String
    private let user: String
    private let deadline: ContinuousClock.Instant?
    private var books: Books
    private var order: Int
    private var result = DeploymentResult()
    /// Which changesets run; nil for all.
    var selection: Selection?

    /// Changesets that are applied in part.
    struct Selection: Sendable {
        /// Their keys in the journal.
        var keys: Set<String>
        /// The statement to go on at, from 1, as a person says.
        var statement: Int?
    }

    private var position = (index: 0, total: 0)

    init(
        deployer: Deployer, changelog: PreparedChangelog, lock: HeldLock,
        progress: (@Sendable (DeploymentProgress) -> Void)?
    ) {
        self.deployer = deployer
        self.changelog = changelog
        self.progress = progress
        self.lock = lock
        deploymentID = deployer.options.deploymentID()
        user = lock.user
        deadline = deployer.options.deadline.map { ContinuousClock.now + $0 }
        books = lock.books
        order = lock.books.nextOrder
    }

    mutating func run() async throws -> DeploymentResult {
        let plan = DeploymentPlan(changelog, books: books)
        try plan.requireAccepted()
        result.messages += try await conditions.requireChangelog()
        let steps = limited(plan)
        // Everything that can be refused is refused before the first statement runs.
        for step in steps where step.action == .run || step.action == .rerun {
            // An author's `stop` is no mistake before its turn comes.
            do {
                try TransactionControl.require(step.prepared, try step.prepared.statements())
            } catch is ChangeFailure {}
        }
        position.total = steps.count { $0.action == .run || $0.action == .rerun }
        for step in steps {
            try Task.checkCancellation()
            switch step.action {
            case .skip: result.skipped += 1
            case .upgradeChecksum:
                try await lock.fence.execute(
                    deployer.options.books.updateChecksum(step.prepared), on: deployer.connection)
                result.skipped += 1
                result.upgraded += 1
            case .markRan: try await record(step, .markRan)
            case .run, .rerun:
                position.index += 1
                progress?(
                    DeploymentProgress(
                        identity: step.prepared.identity, index: position.index, total: position.total))
                try await apply(step)
            }
        }
        return result
    }

    /// Stops behind the changesets that were asked for.
    private func limited(_ plan: DeploymentPlan) -> [DeploymentPlan.Step] {
        guard let selection else {
            return plan.steps(limit: deployer.options.limit, untilTag: deployer.options.untilTag)
        }
        return plan.steps.filter { selection.keys.contains(JournalEntry.key(of: $0.prepared.identity)) }
    }

    private mutating func apply(_ step: DeploymentPlan.Step) async throws {
        let prepared = step.prepared
        do {
            // The conditions of one that is applied in part were judged when it began, and may not hold any more.
            let isPartial = lock.partial(prepared) != nil
            switch isPartial ? .run : try await judge(prepared) {
            case .run: break
            case .skip:
                result.passed += 1
                return
            case .markRan:
                try await record(step, .markRan)
                return
            }
            if prepared.isForOthers {
                result.passed += 1
                return
            }
            let execType: BookEntry.ExecType = step.action == .rerun ? .reran : .executed
            let row = row(step, execType)
            let statements = try prepared.requireStatements()
            let start = try await Resumption.start(
                of: prepared, statements, lock, on: deployer.connection, asked: selection?.statement)
            let execution = ChangeSetExecution(
                connection: deployer.connection, options: deployer.options, lock: lock, prepared: prepared,
                success: .applied,
                evidence: deployer.options.books.isRecorded(prepared, order: order, deploymentID: deploymentID),
                // Not the whole update: whoever holds the books twice copies them for each changeset.
                remaining: { [deadline, limit = deployer.options.changeSetDeadline] in
                    try Self.remaining(until: deadline, limit: limit)
                },
                retrying: { [progress, position] in
                    progress?(
                        DeploymentProgress(
                            identity: prepared.identity, index: position.index, total: position.total, retry: $0))
                })
            try await execution.run { runner in
                guard let start else { return try await runner.run(statements, recordedBy: row) }
                try await JournaledRunner(runner: runner, options: deployer.options, statements: statements)
                    .run(from: start, recordedBy: row)
            }
            result.messages += statements.filter { $0.role == .message }.map(\.text)
            note(step, execType)
        } catch let failure as ChangelogFailure where !prepared.changeSet.failOnError && failure.isItsOwn {
            result.passed += 1
            result.messages.append(failure.sluiceError.message)
        }
    }

    /// Notes a changeset that does not run.
    private mutating func record(_ step: DeploymentPlan.Step, _ execType: BookEntry.ExecType) async throws {
        let execType = step.action == .rerun ? .reran : execType
        try await lock.fence.execute(row(step, execType), on: deployer.connection)
        note(step, execType)
    }

    private func row(_ step: DeploymentPlan.Step, _ execType: BookEntry.ExecType) -> String {
        deployer.options.books.record(
            step.prepared,
            BooksLayout.RowContext(
                order: order, execType: execType, deploymentID: deploymentID, engine: deployer.options.engine))
    }

    private mutating func note(_ step: DeploymentPlan.Step, _ execType: BookEntry.ExecType) {
        books.note(
            BookEntry(
                identity: step.prepared.identity, order: order, execType: execType, checksum: step.prepared.checksum))
        order += 1
        switch execType {
        case .reran: result.reran += 1
        case .markRan: result.marked += 1
        default: result.ran += 1
        }
    }

    /// How long the next changeset may take.
    private static func remaining(until deadline: ContinuousClock.Instant?, limit: Duration?) throws -> Duration? {
        guard let deadline else { return limit }
        let left = deadline - ContinuousClock.now
        guard left > .zero else {
            throw SluiceError("changelog.deadline", .stalled, "the update did not end before its deadline")
        }
        return limit.map { min($0, left) } ?? left
    }
}

/// Conditions.
extension Update {
    private var conditions: ConditionCheck {
        ConditionCheck(connection: deployer.connection, changelog: changelog, books: books, user: user)
    }

    private mutating func judge(_ prepared: PreparedChangeSet) async throws -> ConditionCheck.Verdict {
        let (verdict, message) = try await conditions.verdict(on: prepared)
        if let message { result.messages.append(message) }
        return verdict
    }
}
