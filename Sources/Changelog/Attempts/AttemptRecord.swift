public import Foundation

/// One line of the history of attempts: something that a run began, or how it ended.
///
/// The books say what has run. The history says what was tried, by whom, how it failed and how long it took; it is only
/// added to.
public struct AttemptRecord: Sendable, Hashable {
    /// What happened.
    public enum Event: String, Sendable, Hashable, Codable {
        /// An attempt at a changeset began. When its end is missing, the process died in it.
        case begun
        /// The changeset and its row are in the database.
        case applied
        /// It was taken back, and its row is gone.
        case rolledBack = "rolled-back"
        /// Nothing of the attempt has stayed, unless ``AttemptRecord/statement`` says that some statements did.
        case failed
        /// The session was lost, and nobody could be asked what has stayed. The books know.
        case unknown
        /// The lock of a run that died was taken over.
        case tookOver = "took-over"
        /// A person said that the changeset is applied.
        case markedApplied = "marked-applied"
        /// A person said that what is known of a half-applied changeset is to be forgotten.
        case forgotten
    }

    /// When.
    public var time: Date
    /// The run, by a word that no other has.
    public var run: String
    /// The server, by the identifier that its cluster was made with, and the database; nil when not to be found out.
    public var database: String?
    /// Host and process.
    public var actor: String
    /// The version of this program.
    public var engine: String
    /// What happened.
    public var event: Event
    /// The changeset.
    public var changeSet: ChangeSet.Identity?
    /// Its checksum.
    public var checksum: String?
    /// The number of the attempt in this run, from 1.
    public var attempt: Int?
    /// The statement that failed, from 1.
    public var statement: Int?
    /// How many statements the changeset has.
    public var statementCount: Int?
    /// The server's code.
    public var sqlState: String?
    /// File and line.
    public var location: String?
    /// The server's message; for words of people, their reason.
    public var message: String?
    /// How long it took.
    public var milliseconds: Int64?
    /// Who stood in the way.
    public var blockers: [BlockingSession] = []

    /// Makes a record.
    public init(
        _ event: Event, time: Date, run: String, database: String?, actor: String, engine: String,
        changeSet: ChangeSet.Identity? = nil
    ) {
        self.event = event
        self.time = time
        self.run = run
        self.database = database
        self.actor = actor
        self.engine = engine
        self.changeSet = changeSet
    }
}
