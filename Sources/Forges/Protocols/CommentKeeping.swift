/// One comment of ours per topic, edited in place.
public protocol CommentKeeping: ForgeConnection {
    /// Our own comment with this marker; nil when there is none. What others wrote, marked or not, is not looked at.
    func comment(marked marker: Marker, on place: Discussion, project: ProjectRef) async throws -> Comment?

    /// Makes the comment with this marker stand with this text.
    ///
    /// Where comments cannot be edited (``ForgeCapability/editComments``), a new one is made when the latest of ours with
    /// the marker differs.
    /// - Throws: `forge.candidate-missing`, `forge.issue-missing`.
    func keepComment(
        _ text: String, marked marker: Marker, on place: Discussion, project: ProjectRef
    ) async throws -> CommentOutcome
}

/// Where comments are made.
public enum Discussion: Hashable, Sendable {
    /// A candidate, merge request or Gerrit change.
    case mergeRequest(CandidateID)
    /// An issue.
    case issue(IssueID)
}

/// A comment of ours.
public struct Comment: Hashable, Sendable {
    /// The host's id of it.
    public let id: String
    /// Its text, without the marker.
    public let text: String

    /// Makes a comment.
    public init(id: String, text: String) {
        self.id = id
        self.text = text
    }
}

/// What became of a comment.
public enum CommentOutcome: Hashable, Sendable {
    /// There was none; it was made.
    case posted
    /// Its text was changed in place.
    case edited
    /// It stood there already, word for word.
    case alreadyThere
}
