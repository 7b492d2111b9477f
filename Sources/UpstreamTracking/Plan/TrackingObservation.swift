public import DesiredState
public import Forges
public import Foundation
public import GitClient
public import PatchSeries

/// All that a plan is made of: what is desired, what is remembered, and what was seen.
public struct TrackingObservation: Hashable, Sendable {
    /// What is desired.
    public var spec: UpstreamSpec
    /// What is remembered.
    public var status: TrackingStatus
    /// Where upstream's branch stands; nil when there is none.
    public var upstream: ObjectID?
    /// Where the package's branch stands; nil when there is none.
    public var package: ObjectID?
    /// Where upstream stands, seen from the cursor; nil when there is no cursor yet.
    public var standing: RangeStanding?
    /// What would be proposed; nil when nothing would.
    public var proposal: Proposal?
    /// The branch with the patches; nil when there is none.
    public var branch: Branch?
    /// The merge request; nil when there is none.
    public var request: Request?
    /// Whether the cursor is there already, or beyond, where the merge request leads.
    public var coversNothingNew = false
    /// Whether our issue is open; nil when there is none.
    public var issueIsOpen: Bool?
    /// Why the code host does not show its issues, a sentence; nil when it does.
    public var issueProblem: String?
    /// Whether the code host has people asked for a review.
    public var canAskReviewers = false
    /// What keeps upstream or its series from being read until a person does something; nil when nothing does.
    public var obstacle: Obstacle?
    /// What people have asked for and nobody has answered, the oldest first.
    public var orders: [TrackingOrder] = []
    /// When this was seen.
    public var time: Date

    /// What is in the way.
    public struct Obstacle: Hashable, Sendable {
        /// A sentence that is safe to show anyone.
        public var message: String
        /// What a person can do about it; nil when nobody knows.
        public var hint: String?
    }

    /// Patches for the package, as one commit.
    public struct Proposal: Hashable, Sendable {
        /// The commit of upstream that the patches lead to.
        public var head: ObjectID
        /// The commit that carries the patches, on top of the package's branch.
        public var commit: ObjectID
        /// How many commits upstream has beyond that one.
        public var remaining = 0
        /// The patches.
        public var rows: [PatchRow]
        /// What people are told.
        public var text: ProposalText

        /// Whether every patch fits or has been applied before.
        var fits: Bool { rows.allSatisfy { $0.status != .conflict } }
    }

    /// The branch with the patches.
    public struct Branch: Hashable, Sendable {
        /// Where it stands.
        public var head: ObjectID
        /// The commit of upstream that it leads to, by what our own commit on it says.
        public var covered: ObjectID?
        /// Whether people have put commits on it.
        public var hasForeignCommits: Bool
        /// Whether the package's branch has all of it.
        public var isInPackage = false
    }

    /// The merge request.
    public struct Request: Hashable, Sendable {
        /// Its id; nil when only its merge can be seen.
        public var id: CandidateID?
        /// What became of it.
        public var state: MergeRequest.State
        /// Where it stands.
        public var head: ObjectID
        /// Whether our own account opened it. Others' are left alone.
        public var isOurs = true

        /// Whether it can still be merged.
        var isOpen: Bool { state == .open }
    }
}

/// What issue and merge request say.
public struct ProposalText: Hashable, Sendable {
    /// One line.
    public var title: String
    /// The text of the merge request.
    public var request: String
    /// The text of the issue.
    public var issue: String

    /// What tells two of them apart.
    var digest: String {
        (try? ObjectID(ofBlob: Array("\(title)\u{0}\(request)\u{0}\(issue)".utf8)))?.hex ?? ""
    }
}
