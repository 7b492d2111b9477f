import Diagnostics
package import Foundation
package import GitClient

/// Somebody with an account.
package struct StoredAccount: Hashable, Sendable, Codable {
    package let id: Int
    package let login: String
    package let name: String
    package let email: String
    /// Whether it is the account of an App (GitHub), which may make check runs and cannot ask who it is.
    package var isApp: Bool = false
}

/// How much an account may do, from less to more.
package enum AccessLevel: Int, Sendable, Codable, Comparable {
    case none, read, report, write, maintain

    package static func < (left: AccessLevel, right: AccessLevel) -> Bool { left.rawValue < right.rawValue }
}

/// A token, or an HTTP password on Gerrit.
package struct StoredToken: Hashable, Sendable, Codable {
    package let text: String
    package let account: Int
    /// The most that can be done with it.
    package var level: AccessLevel
    /// What people call it.
    package var name: String?
    /// What it is for, in the host's words; nil for everything.
    package var scopes: [String]?
    /// When it ends.
    package var end: Date?

    /// Whether it has ended. GitLab's end as their day begins, in UTC.
    func hasEnded(at now: Date, on type: ForgeType) -> Bool {
        guard let end else { return false }
        let day = (end.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400
        return now >= (type == .gitlab ? Date(timeIntervalSince1970: day) : end)
    }
}

/// A project. Its repository and its records lie in files of their own.
package struct StoredProject: Hashable, Sendable, Codable {
    package let id: Int
    /// `group/name`; on Gerrit of as many parts as one likes.
    package let path: String
    package var defaultBranch: String
    /// Whether strangers may read it.
    package var isPublic: Bool = false
    /// What each account may do here, by its id; absent: what its token allows.
    package var levels: [Int: AccessLevel] = [:]
    /// Branches that nobody deletes.
    package var protectedBranches: [String] = []
    /// Gerrit: the condition under which a vote on Verified goes over to the next patch set; nil for never.
    package var copyCondition: String?
    /// What the label "Verified" demands by itself; nil for `MaxWithBlock`.
    package var labelFunction: String?
    /// What changes need to be submitted, in Gerrit's words.
    package var submitRequirements: [String]?
    /// Gerrit: whether a submit needs Verified+1 and no Verified-1.
    package var needsVerified: Bool = false
    /// GitLab and GitHub: whether merge commits are not made here.
    package var refusesMergeCommits: Bool = false
    /// Whether all merge requests are squashed, whatever is asked for. Only GitLab's wire tells of it.
    package var squashesAlways: Bool = false
    /// The number of the last candidate, where the host counts in each project.
    package var lastCandidate: Int = 0
    package var lastIssue: Int = 0
    /// Colours of labels by name.
    package var labels: [String: String] = [:]

    /// What stands before the last slash.
    package var namespace: String { path.words(at: "/").dropLast().joined(separator: "/") }
    /// What stands after the last slash.
    package var name: String { path.words(at: "/").last.map(String.init) ?? path }
}

/// A merge request, pull request or Gerrit change.
package struct StoredCandidate: Hashable, Sendable, Codable {
    package enum State: String, Sendable, Codable { case open, merged, closed }

    /// One patch set, or where the source branch stood after a push.
    package struct Revision: Hashable, Sendable, Codable {
        package let number: Int
        package let commit: ObjectID
        /// The commit's first parent on Gerrit; the target branch's tip elsewhere.
        package let base: ObjectID?
        package let uploader: Int
        package let created: Date
        /// Gerrit's ChangeKind against the patch set before.
        package var kind: String = "REWORK"
    }

    /// A vote on a label, of one account on one patch set.
    package struct Vote: Hashable, Sendable, Codable {
        package let label: String
        package let account: Int
        package var value: Int
        package let revision: Int
        package let date: Date
        package var tag: String?
        /// Whether it was copied from an earlier patch set. Not shown on the wire.
        package var isCopied: Bool = false
    }

    /// Unique on the server.
    package let id: Int
    package let number: Int
    package let project: Int
    package var title: String
    package var body: String
    package let author: Int
    /// Nil on Gerrit.
    package let sourceBranch: String?
    package let targetBranch: String
    /// Gerrit's Change-Id.
    package var changeID: String?
    package var topic: String?
    package var state: State = .open
    package var isDraft: Bool = false
    package var revisions: [Revision] = []
    package var votes: [Vote] = []
    package var labels: [String] = []
    /// Who is asked for a review.
    package var reviewers: [Int]?
    package var comments: [StoredComment] = []
    package let created: Date
    package var updated: Date
    package var closed: Date?
    package var mergedAs: ObjectID?
    package var mergedBy: Int?

    /// The commit that would be merged.
    package var head: ObjectID? { revisions.last?.commit }

    /// The votes on a patch set.
    package func votes(on revision: Int) -> [Vote] { votes.filter { $0.revision == revision } }
}

/// A comment, note or change message.
package struct StoredComment: Hashable, Sendable, Codable {
    package let id: Int
    package let author: Int
    package var body: String
    package let created: Date
    package var updated: Date
    /// Gerrit's tag.
    package var tag: String?
    /// Gerrit's patch set.
    package var revision: Int?
    /// Whether the host itself wrote it (GitLab's system notes).
    package var isSystem: Bool = false
}

/// What somebody said of a commit, once. Later ones of the same context stand after it.
package struct StoredStatus: Hashable, Sendable, Codable {
    package let id: Int
    package let commit: ObjectID
    package let context: String
    package let state: String
    package let summary: String?
    package let url: String?
    /// The branch it was said of (GitLab).
    package let ref: String?
    package let author: Int
    package let created: Date
}

/// A check run of a GitHub App.
package struct StoredCheckRun: Hashable, Sendable, Codable {
    package let id: Int
    package let commit: ObjectID
    package var name: String
    package var status: String
    package var conclusion: String?
    package var title: String?
    package var summary: String?
    package var text: String?
    package var url: String?
    package var externalID: String?
    package let author: Int
    package let created: Date
}

/// An issue.
package struct StoredIssue: Hashable, Sendable, Codable {
    package let id: Int
    package let number: Int
    package var title: String
    package var body: String
    package var isOpen: Bool = true
    package var labels: [String] = []
    package let author: Int
    package var comments: [StoredComment] = []
    package let created: Date
    package var updated: Date
    package var closed: Date?

    /// Gitee's name of it: six letters and digits that begin with an I.
    package var word: String {
        let digits = String(number, radix: 36, uppercase: true)
        return "I" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
