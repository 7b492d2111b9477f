public import Foundation
public import GitClient

/// A commit that a branch got and that has to be deployed there.
public struct ExpectedDeploy: Hashable, Sendable {
    /// The commit.
    public var commit: ObjectID
    /// When the branch got it, by the date of the merge: the same for every process that looks.
    public var since: Date

    /// Makes an expectation.
    public init(_ commit: ObjectID, since: Date) {
        self.commit = commit
        self.since = since
    }
}

/// Whether what a branch got is deployed, by r10k's own record.
///
/// It is when the record's `signature` is the merge, **or a later commit that contains it**. Only the exact commit would not
/// do: whoever pushes a hotfix before r10k comes round, and whoever releases again, would keep a release from ever being
/// seen to arrive that is on every server. `deploy_success` alone proves nothing, since after a deploy that failed the record
/// of the one before stays where it is; but a record that itself calls its deploy failed is not believed.
public struct Arrival: Hashable, Sendable {
    /// How it stands.
    public enum Standing: Hashable, Sendable {
        /// It is deployed, in this commit.
        case arrived(ObjectID)
        /// It is not yet, and why.
        case awaited(String)
        /// It was not deployed in time, and why.
        case overdue(String)
    }

    /// What has to be deployed.
    public var expected: ObjectID
    /// By when.
    public var due: Date
    /// How it stands.
    public var standing: Standing

    /// Makes an arrival.
    public init(expected: ObjectID, due: Date, _ standing: Standing) {
        self.expected = expected
        self.due = due
        self.standing = standing
    }

    /// Whether it is deployed.
    public var isProved: Bool { if case .arrived = standing { true } else { false } }

    /// Why it is not deployed in time; nil when it is, or there is time left.
    var delay: String? { if case .overdue(let reason) = standing { reason } else { nil } }
}

/// What was read at the place of a record.
enum RecordReading: Hashable, Sendable {
    /// A record.
    case found(DeployRecord)
    /// Nothing that proves anything, and why.
    case nothing(String)
}

extension Arrival {
    /// Judges. Pure.
    /// - Parameter contains: Whether the record's commit contains what is expected; nil when nobody knows that commit.
    init(
        of deploy: ExpectedDeploy, in reading: RecordReading, contains: Bool?, within: Duration, at now: Date
    ) {
        let due = deploy.since + within / .seconds(1)
        let reason: String
        switch (reading, contains) {
        case (.found(let record), true?) where record.isSuccess:
            self.init(expected: deploy.commit, due: due, .arrived(record.commit))
            return
        case (.found(let record), true?): reason = "r10k calls its deploy of \(record.commit.abbreviated) failed"
        case (.found(let record), false?): reason = "\(record.commit.abbreviated) is deployed, which is without it"
        case (.found(let record), nil):
            reason = "\(record.commit.abbreviated) is deployed, which the repository does not have"
        case (.nothing(let words), _): reason = words
        }
        self.init(expected: deploy.commit, due: due, now < due ? .awaited(reason) : .overdue(reason))
    }
}
