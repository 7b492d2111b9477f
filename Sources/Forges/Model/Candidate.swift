public import Foundation
public import GitClient

/// A proposed change: an open merge request, pull request or Gerrit change, at its present revision.
public struct Candidate: Hashable, Sendable {
    /// Its name on the forge.
    public let id: CandidateID
    /// Its title, one line.
    public let title: String
    /// Who proposed it, as the forge calls them.
    public let author: String?
    /// The commit that is to be judged.
    public let revision: ObjectID
    /// The branch it is to be merged into.
    public let targetBranch: RefName
    /// When it was opened, where the forge knows.
    public let created: Date?
    /// When its present revision arrived, where the forge knows.
    public let updated: Date?
    /// Its page for people.
    public let webURL: String?
    /// What its author wrote about it, at most ``summaryLimit`` bytes of it.
    public let summary: String?
    /// The reference that its revision is fetched by; nil when it comes with the branches.
    public let reference: RefName?

    /// The most bytes of a summary. Hosts take a mebibyte and more, and there are lists of candidates.
    public static let summaryLimit = 16_000

    /// The beginning of a text, as far as it is kept.
    static func shortSummary(_ text: String) -> String {
        guard text.utf8.count > summaryLimit else { return text }
        // A letter that would be cut in two is left out.
        var kept = text.utf8.prefix(summaryLimit)
        while String(kept) == nil { kept.removeLast() }
        return String(decoding: kept, as: UTF8.self)
    }

    /// Makes a candidate. The title is cut to one line of at most 300 characters without control characters.
    public init(
        id: CandidateID, title: String, author: String? = nil, revision: ObjectID, targetBranch: RefName,
        created: Date? = nil, updated: Date? = nil, webURL: String? = nil, summary: String? = nil,
        reference: RefName? = nil
    ) {
        self.id = id
        self.title = SingleLine.of(title, limit: 300)
        self.author = author.map { SingleLine.of($0, limit: 200) }
        self.revision = revision
        self.targetBranch = targetBranch
        self.created = created
        self.updated = updated
        self.webURL = webURL
        self.summary = summary.map(Self.shortSummary)
        self.reference = reference
    }
}

/// What became of a candidate.
public enum CandidateState: Hashable, Sendable {
    /// It is open and can be judged.
    case open(Candidate)
    /// All it proposed is in its branch.
    case merged(at: ObjectID?)
    /// It was closed or deleted without a merge that can be seen.
    case closed
    /// It exists or existed, but we may not see it. Nothing is concluded from that.
    case notVisible(reason: String)
}
