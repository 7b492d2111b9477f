public import Foundation
public import GitClient

/// How every long-lived branch of a control repository stands: what `sluice drift` shows.
public struct DriftMatrix: Hashable, Sendable {
    /// A row.
    public struct Row: Hashable, Sendable {
        /// The branch.
        public let branch: String
        /// The branch that it gets releases from; nil for the first stage.
        public let upstream: String?
        /// Where it stands; nil when there is no such branch.
        public let head: ObjectID?
        /// How many commits it has that its upstream lacks; promotions count.
        public let ahead: Int
        /// How many commits of its upstream it lacks: releases that have not come yet.
        public let behind: Int
        /// What was found, the gravest first.
        public let findings: [DriftFinding]
        /// What could not be found out.
        public let gaps: [String]

        /// Whether something was found that nobody has accepted.
        public var hasDrift: Bool { findings.contains(where: \.isOpen) }
    }

    /// The rows: stages in order, then zones by name.
    public let rows: [Row]

    /// The branches with drift that nobody has accepted.
    public var driftedBranches: [String] { rows.filter(\.hasDrift).map(\.branch) }

    /// The branches of which something could not be found out.
    public var uncheckedBranches: [String] { rows.filter { !$0.gaps.isEmpty }.map(\.branch) }

    /// The row of a branch.
    public subscript(branch: String) -> Row? { rows.first { $0.branch == branch } }
}

/// Something about a branch that no release explains.
public struct DriftFinding: Hashable, Sendable {
    /// What kinds of drift there are, the gravest first.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The branch is not there.
        case missing
        /// Commits that the branch had are gone: it was set back, or pushed over.
        case rewound
        /// A merge holds what its parents do not give.
        case evilMerge = "evil-merge"
        /// Somebody committed to the branch itself.
        case ownCommits = "own-commits"
        /// Files are not as the releases made them, and no commit or merge on the branch explains it.
        case content
        /// The upstream has reverts that the branch lacks: the next merge conflicts, or loses a change without a word.
        case unsyncedReverts = "unsynced-reverts"
        /// Own commits whose changes the upstream has as well: the next promotion brings the two together.
        case takenOver = "taken-over"
    }

    /// A known exception.
    public struct Acceptance: Hashable, Sendable {
        /// Why it is accepted.
        public let reason: String
        /// Until when.
        public let until: Date
    }

    /// What kind it is.
    public let kind: Kind
    /// The commits that it is about.
    public let commits: [ObjectID]
    /// The files that it is about.
    public let paths: [String]
    /// What was found, in a sentence for people.
    public let sentence: String
    /// Who accepted it, and for how long; nil when nobody did.
    public let acceptance: Acceptance?

    /// Whether somebody should do something.
    public var isOpen: Bool { acceptance == nil && kind != .takenOver }
}
