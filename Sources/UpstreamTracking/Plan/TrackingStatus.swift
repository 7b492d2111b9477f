public import DesiredState
public import Foundation
public import GitClient

/// What the status of an upstream says, and what has to be remembered of it.
public struct TrackingStatus: Codable, Hashable, Sendable {
    /// Up to where the package has what upstream has.
    public var cursor: ObjectID?
    /// Commits beyond the cursor that the package has all the same: those with the changes of commits that it had before
    /// upstream's branch was moved by force.
    public var known: [ObjectID]?
    /// What `spec.source.start` said when upstream was last seen to have the cursor, empty for nothing; nil when nobody knows.
    public var start: String?
    /// Where upstream's branch stood at the last look.
    public var head: ObjectID?
    /// How many commits upstream has beyond the cursor; nil when nobody knows, as after its branch was moved by force.
    public var behind: Int?
    /// How many of them come with later merge requests, since one has no room for them; nil when none do.
    public var remaining: Int?
    /// Where the merge request, its branch and the issue are; nil before the first look.
    public var place: TrackedPlace?
    /// The merge request that is open, by its id.
    public var request: String?
    /// The commit of upstream up to which the merge request goes.
    public var covered: ObjectID?
    /// The commit of the package that the patches were put on.
    public var base: ObjectID?
    /// The issue, by its id.
    public var issue: String?
    /// Why there is no issue, a sentence; nil when there is one or none is needed.
    public var issueProblem: String?
    /// The commit of upstream up to which a merge request was refused; nil when none was since the cursor moved.
    public var refused: ObjectID?
    /// When a merge request last ended.
    public var ended: Date?
    /// The commit that last got a verdict.
    public var verified: ObjectID?
    /// What was last written on the merge request, as a digest.
    public var told: String?
    /// What was last written on the issue, as a digest.
    public var toldIssue: String?
    /// What the open merge request says of why nothing goes on, a sentence; nil when it says nothing of the kind.
    public var warned: String?
    /// Whom the open merge request has asked to look at it.
    public var asked: [String]?
    /// Those of them whom the code host did not let us ask: they are mentioned instead.
    public var notAsked: [String]?
    /// The patches with what became of them, the oldest first; a few of them when there are many.
    public var patches: [PatchRow] = []
    /// Patches that the package carries and upstream has by now.
    public var absorbed: [String] = []

    /// The most patches that are kept.
    public static let kept = 200

    /// Makes a status of nothing seen yet.
    public init() {}

    /// What is remembered once nothing is at the former place any more: what the package has stays.
    var moved: TrackingStatus {
        var status = self
        status.place = nil
        status.request = nil
        status.covered = nil
        status.base = nil
        status.issue = nil
        status.issueProblem = nil
        status.told = nil
        status.toldIssue = nil
        status.warned = nil
        status.asked = nil
        status.notAsked = nil
        return status
    }

    /// Reads a status; nil when there is none that can be read, as before the first look.
    public init?(_ status: JSONValue?) {
        guard let read = try? status?.decode(as: TrackingStatus.self) else { return nil }
        self = read
    }
}
