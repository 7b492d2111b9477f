public import Foundation
public import GitClient

/// One revision of a candidate: a patch set, or where its branch stood after a push.
public struct CandidateRevision: Hashable, Sendable {
    /// Its number, from 1, where the host counts.
    public let number: Int?
    /// The commit.
    public let commit: ObjectID
    /// The commit of the target branch that it was made from, where the host tells.
    public let base: ObjectID?
    /// When it arrived.
    public let created: Date?

    /// Makes a revision.
    public init(number: Int? = nil, commit: ObjectID, base: ObjectID? = nil, created: Date? = nil) {
        self.number = number
        self.commit = commit
        self.base = base
        self.created = created
    }
}

/// A file that a candidate changes.
public struct CandidateFile: Hashable, Sendable {
    /// How it is changed.
    public enum Change: String, Hashable, Sendable {
        /// It is new.
        case added
        /// Its content or mode changes.
        case modified
        /// It goes.
        case deleted
        /// It moves, changed or not.
        case renamed
        /// It is a copy of another.
        case copied
        /// A word that we do not know.
        case unknown
    }

    /// Its path, after the change unless it goes.
    public let path: String
    /// Where it was, when it moves or is a copy.
    public let oldPath: String?
    /// How it is changed.
    public let change: Change

    /// Makes a file.
    public init(path: String, oldPath: String? = nil, change: Change) {
        self.path = path
        self.oldPath = oldPath
        self.change = change
    }
}
