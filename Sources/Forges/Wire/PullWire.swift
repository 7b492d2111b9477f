import Diagnostics
import Foundation
import GitClient
import OutboundHTTP

/// The JSON of GitHub and of Gitee, whose interface is modelled on GitHub's, as far as it is read. Whatever one of them or
/// some version leaves out is optional, and words are texts.
enum PullWire {
    struct User: Decodable {
        let id: Int
        let login: String
    }

    struct Label: Decodable {
        let name: String
    }

    struct Pull: Decodable {
        let number: Int
        let title: String?
        var body: String?
        let state: String
        let user: User?
        let labels: [Label]?
        let head: Side
        let base: Side
        let html_url: String?
        let created_at: String?
        let updated_at: String?
        let merged_at: String?
        let merge_commit_sha: String?
        let mergeable: Bool?
        let mergeable_state: String?
        /// On GitHub.
        let requested_reviewers: [User]?
        /// On Gitee.
        let assignees: [User]?

        struct Side: Decodable {
            let ref: String
            let sha: String
            let repo: Repository?
        }
    }

    struct Repository: Decodable {
        let full_name: String?
        /// Shown to those who may push, by GitHub.
        let allow_merge_commit: Bool?
        /// What we may do, as GitHub and as Gitee call it.
        let permissions: Permissions?
        let permission: Permissions?
    }

    struct Permissions: Decodable {
        let admin: Bool?
        let push: Bool?
    }

    struct Comment: Decodable {
        let id: Int
        let body: String?
        let user: User?
    }

    struct Created: Decodable {
        let number: Int
    }

    struct Body: Encodable {
        let body: String
    }

    struct NewPull: Encodable {
        let title: String
        let head: String
        let base: String
        let body: String
    }

    /// GitHub.
    struct Reviewers: Encodable {
        let reviewers: [String]
    }

    /// Gitee: of several, separated by commas.
    struct Assignees: Encodable {
        let assignees: String
    }

    struct PullEdit: Encodable {
        var title: String?
        var body: String?
        var state: String?
    }
}

/// What it means. Pure.
extension PullWire.Pull {
    var headCommit: ObjectID? { ObjectID(exactly: head.sha) }
    var isMerged: Bool { state == "merged" || merged_at?.isEmpty == false }
    var mergedAs: ObjectID? { isMerged ? merge_commit_sha.flatMap { ObjectID(exactly: $0) } : nil }
    var labelNames: [String] { (labels ?? []).map(\.name) }
    var isOpen: Bool { state == "open" && !isMerged }

    /// It without what a list of candidates does not need.
    var trimmed: Self {
        var trimmed = self
        trimmed.body = body.map(Candidate.shortSummary)
        return trimmed
    }

    var candidate: Candidate? {
        guard let headCommit, let id = try? CandidateID(String(number)), let target = try? RefName.branch(base.ref)
        else {
            return nil
        }
        return Candidate(
            id: id, title: title ?? "", author: user?.login, revision: headCommit, targetBranch: target,
            created: WebTime.date(created_at), updated: WebTime.date(updated_at), webURL: html_url, summary: body,
            reference: try? RefName("refs/pull/\(number)/head"))
    }

    /// What became of it, seen from one branch; nil when an open one names no commit.
    func state(branch: RefName) -> CandidateState? {
        if isMerged { return .merged(at: mergedAs ?? headCommit) }
        switch state {
        case "open": return branch.branchName == base.ref ? candidate.map(CandidateState.open) : .closed
        case "closed": return .closed
        default: return .notVisible(reason: "its state is \(SingleLine.of(state, limit: 40))")
        }
    }

    func mergeRequest(account: ForgeAccount) -> MergeRequest? {
        guard let headCommit, let id = try? CandidateID(String(number)), let target = try? RefName.branch(base.ref)
        else {
            return nil
        }
        let become: MergeRequest.State =
            if isMerged {
                .merged(as: mergedAs ?? headCommit)
            } else if state == "open" { .open } else if state == "closed" { .closed } else { .unknown(state) }
        return MergeRequest(
            id: id, title: title ?? "", body: body ?? "", state: become, source: try? RefName.branch(head.ref),
            target: target, head: headCommit, mergeability: mergeability, labels: labelNames,
            isOurs: user.map { String($0.id) } == account.id, webURL: html_url)
    }

    /// GitHub finds out in the background: `mergeable` is null until then. Gitee knows no more than yes and no.
    var mergeability: MergeRequest.Mergeability {
        switch (mergeable_state, mergeable) {
        case ("dirty"?, _): .conflicting
        case (let word?, _) where ["blocked", "behind", "draft"].contains(word): .blocked(word)
        case ("unknown"?, _): .checking
        case (_, true?): .mergeable
        case (_, false?): .conflicting
        case (_?, nil): .checking
        case (nil, nil): .unknown("")
        }
    }
}

extension ForgeAPI {
    /// `repos/owner/name/…`.
    static func repository(_ project: ProjectRef, _ rest: [String]) -> [String] {
        ["repos"] + project.path.words(at: "/").map(String.init) + rest
    }

    /// What GitHub and Gitee call a branch in a path: its parts stay apart.
    static func parts(_ branch: String) -> [String] { branch.words(at: "/").map(String.init) }

    func pull(_ id: CandidateID, _ project: ProjectRef) async throws -> PullWire.Pull? {
        guard let number = id.number else { return nil }
        return try await find(PullWire.Pull.self, Self.repository(project, ["pulls", number]))
    }

    /// All open pull requests into a branch, ordered by what does not change.
    func openPulls(
        into branch: String, _ project: ProjectRef, query: [(String, String)] = [],
        trim: (PullWire.Pull) -> PullWire.Pull = { $0 }
    ) async throws -> [PullWire.Pull] {
        let found = try await pages(
            PullWire.Pull.self, Self.repository(project, ["pulls"]),
            query: [("state", "open"), ("base", branch), ("sort", "created"), ("direction", "asc")] + query,
            key: { String($0.number) }, trim: trim, missing: { ForgeProblem.missing(project, on: access.name) })
        return found.filter { $0.isOpen && $0.base.ref == branch }
    }

    /// Makes sure that there is a project, when something in it was not found.
    func requireRepository(_ project: ProjectRef) async throws { _ = try await repository(project) }

    /// What the host says of a project.
    /// - Throws: `forge.project-missing`.
    func repository(_ project: ProjectRef) async throws -> PullWire.Repository {
        guard let found = try await find(PullWire.Repository.self, Self.repository(project, [])) else {
            throw ForgeProblem.missing(project, on: access.name)
        }
        return found
    }

    /// Our comments on a list of comments.
    func comments(
        _ marker: Marker, list: [String], edit: [String], account: ForgeAccount, missing: SluiceError
    ) -> MarkedComments {
        func isOurs(_ comment: PullWire.Comment) -> Bool {
            comment.user.map { String($0.id) } == account.id && marker.marks(comment.body ?? "")
        }
        return MarkedComments(
            marker: marker,
            find: {
                let found = try await pages(
                    PullWire.Comment.self, list, key: { String($0.id) }, until: isOurs, missing: { missing })
                return found.first(where: isOurs).map { .init(id: String($0.id), body: $0.body ?? "") }
            },
            post: { _ = try await send(.post, list, body: PullWire.Body(body: $0)) },
            edit: { _ = try await send(.patch, edit + [$0], body: PullWire.Body(body: $1)) })
    }
}
