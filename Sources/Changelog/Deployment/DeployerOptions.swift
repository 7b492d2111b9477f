public import Foundation

/// How a ``Deployer`` works.
public struct DeployerOptions: Sendable {
    /// Where the books are.
    public var books: BooksLayout
    /// The schema of names that have none; it is also first on the search path. Nil for the connection's own.
    public var defaultSchema: String?
    /// How long to wait for the lock.
    public var lockWait: Duration
    /// How often to look whether the lock is free, at the least; at first it is looked at more often.
    public var lockPoll: Duration
    /// How long one changeset may take; nil for as long as it needs.
    public var changeSetDeadline: Duration?
    /// How long the whole update may take; nil for as long as it needs.
    public var deadline: Duration?
    /// How long one statement may take, as the server measures it; nil for what server, role or URI say.
    public var statementTimeout: Duration?
    /// How long to wait for a lock on a table; nil for less than the server's deadlock timeout.
    public var lockTimeout: Duration?
    /// How long `CREATE INDEX CONCURRENTLY` and its like wait for others; they hold up nobody.
    public var concurrentLockTimeout: Duration
    /// When a changeset is tried again.
    public var retries: ChangeSetRetries
    /// Where attempts are noted; nil for nowhere.
    public var attempts: (any AttemptLog)?
    /// What the column LIQUIBASE says, at most 20 characters.
    public var engine: String
    /// Who holds the lock, for people: host and process.
    public var owner: String
    /// Stop after so many changesets; nil for all.
    public var limit: Int?
    /// Stop behind the changeset that sets this tag; nil for none.
    public var untilTag: String?
    /// How the programs of changelogs are run; nil when they are not.
    public var runProgram: ProgramCall.Runner?
    /// The time now.
    public var now: @Sendable () -> Date
    /// A word that no other run has, of letters and digits: by it a run knows its own lock.
    public var token: @Sendable () -> String
    /// A random number from 0 to 1.
    public var chance: @Sendable () -> Double
    /// Waits.
    public var pause: @Sendable (Duration) async throws -> Void

    /// Makes options with Liquibase's defaults.
    public init(
        books: BooksLayout = BooksLayout(), defaultSchema: String? = nil, lockWait: Duration = .seconds(300),
        lockPoll: Duration = .seconds(1), owner: String = "sluice", now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.books = books
        self.defaultSchema = defaultSchema
        self.lockWait = lockWait
        self.lockPoll = lockPoll
        self.owner = owner
        self.now = now
        statementTimeout = nil
        lockTimeout = nil
        concurrentLockTimeout = .seconds(600)
        retries = ChangeSetRetries()
        attempts = nil
        chance = { Double.random(in: 0...1) }
        pause = { try await Task.sleep(for: $0) }
        token = { String(UInt64.random(in: .min ... .max), radix: 36) }
        changeSetDeadline = nil
        deadline = nil
        engine = "sluice"
        limit = nil
        untilTag = nil
        runProgram = nil
    }

    /// Ten digits that the rows of one update share.
    func deploymentID() -> String {
        let milliseconds = Int64(now().timeIntervalSince1970 * 1000)
        return String(String(milliseconds).suffix(10))
    }
}

/// What an update did, in numbers of changesets.
public struct DeploymentResult: Sendable, Hashable {
    /// Ran for the first time.
    public var ran = 0
    /// Ran again.
    public var reran = 0
    /// Had run before.
    public var skipped = 0
    /// Noted without running.
    public var marked = 0
    /// Left out by their conditions, or failed without `failOnError`; looked at again next time.
    public var passed = 0
    /// Got today's form of their checksum.
    public var upgraded = 0
    /// What authors and conditions had to say, in order.
    public var messages: [String] = []

    /// Nothing yet.
    public init() {}
}

/// How far an update is.
public struct DeploymentProgress: Sendable, Hashable {
    /// The changeset that begins now.
    public var identity: ChangeSet.Identity
    /// Its number among those that run, from 1.
    public var index: Int
    /// How many run.
    public var total: Int
    /// Why the one before this attempt failed, and after what pause it is tried again; nil for a first attempt.
    public var retry: String?
}
