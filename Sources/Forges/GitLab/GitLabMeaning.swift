import Foundation
import GitClient

/// What GitLab's JSON means. Pure.
extension GitLabWire.MergeRequest {
    /// The commit at the head of the source branch; nil when there is none, or not yet.
    var head: ObjectID? { sha.flatMap { ObjectID(exactly: $0) } }

    /// The commit that merged it, where it was no fast-forward.
    var mergedAs: ObjectID? { (merge_commit_sha ?? squash_commit_sha).flatMap { ObjectID(exactly: $0) } }

    /// It without what a list of candidates does not need.
    var trimmed: Self {
        var trimmed = self
        trimmed.description = description.map(Candidate.shortSummary)
        return trimmed
    }

    /// It as a candidate; nil without a commit.
    var candidate: Candidate? {
        guard let head, let id = try? CandidateID(String(iid)), let target = try? RefName.branch(target_branch) else {
            return nil
        }
        return Candidate(
            id: id, title: title ?? "", author: author.map { $0.username ?? $0.name ?? String($0.id) }, revision: head,
            targetBranch: target, created: WebTime.date(created_at), updated: WebTime.date(updated_at), webURL: web_url,
            summary: description, reference: try? RefName("refs/merge-requests/\(iid)/head"))
    }

    /// What became of it, seen from one branch.
    func state(branch: RefName) -> CandidateState {
        switch state {
        case "opened":
            guard branch.branchName == target_branch else { return .closed }
            return candidate.map(CandidateState.open) ?? .notVisible(reason: "GitLab shows no commit of it yet")
        case "merged": return .merged(at: mergedAs ?? head)
        case "closed": return .closed
        // "locked" is what it is while it is being merged.
        default: return .notVisible(reason: "GitLab calls its state \(SingleLine.of(state, limit: 40))")
        }
    }

    /// It as a merge request; nil without a commit.
    func mergeRequest(account: ForgeAccount) -> MergeRequest? {
        guard let head, let id = try? CandidateID(String(iid)), let target = try? RefName.branch(target_branch) else {
            return nil
        }
        let become: MergeRequest.State =
            switch state {
            case "opened": .open
            case "merged": .merged(as: mergedAs ?? head)
            case "closed": .closed
            default: .unknown(state)
            }
        return MergeRequest(
            id: id, title: title ?? "", body: description ?? "", state: become,
            source: source_branch.flatMap { try? RefName.branch($0) }, target: target, head: head,
            mergeability: mergeability, labels: labels ?? [], isOurs: author.map { String($0.id) } == account.id,
            webURL: web_url)
    }

    /// From 15.6 on there is `detailed_merge_status`; what it is is computed in the background. Both are read, the answer
    /// itself tells the age of the server.
    var mergeability: MergeRequest.Mergeability {
        switch detailed_merge_status ?? merge_status {
        case "mergeable", "can_be_merged": .mergeable
        case "unchecked", "checking", "preparing", "approvals_syncing", "ci_still_running",
            "cannot_be_merged_recheck", "cannot_be_merged_rechecking":
            .checking
        case "conflict": .conflicting
        case "cannot_be_merged": .conflicting
        case let word? where Self.rules.contains(word): .blocked(word)
        case let word: .unknown(word ?? "")
        }
    }

    private static let rules: Set<String> = [
        "ci_must_pass", "commits_status", "discussions_not_resolved", "draft_status", "jira_association_missing",
        "locked_lfs_files", "locked_paths", "merge_request_blocked", "merge_time", "need_rebase", "not_approved",
        "not_open", "requested_changes", "security_policy_violations", "status_checks_must_pass", "title_regex",
        "blocked_status", "external_status_checks", "broken_status", "policies_denied",
    ]
}

extension GitLabWire.Version.Diff {
    var file: CandidateFile {
        let change: CandidateFile.Change =
            if new_file == true {
                .added
            } else if deleted_file == true { .deleted } else if renamed_file == true { .renamed } else { .modified }
        return CandidateFile(path: new_path, oldPath: change == .renamed ? old_path : nil, change: change)
    }
}

extension GitLabWire.Status {
    var state: CommitStatus.State {
        switch status {
        case "pending", "created", "waiting_for_resource", "preparing", "scheduled", "manual": .pending
        case "running": .running
        case "success": .success
        case "failed": .failed
        case "canceled": .cancelled
        case let word: .unknown(word ?? "")
        }
    }

    var commitStatus: CommitStatus {
        CommitStatus(
            context: name ?? "", state: state, summary: description ?? "",
            webURL: target_url?.isEmpty == true ? nil : target_url)
    }
}

extension CommitStatus.State {
    /// The state in GitLab's words.
    var gitLabWord: String {
        switch self {
        case .pending, .unknown: "pending"
        case .running: "running"
        case .success: "success"
        case .failed: "failed"
        case .cancelled: "canceled"
        }
    }
}

extension GitLabWire.Issue {
    func issue(account: ForgeAccount) -> Issue? {
        guard let id = try? IssueID(String(iid)) else { return nil }
        let become: Issue.State =
            switch state {
            case "opened": .open
            case "closed": .closed
            case let word: .unknown(word ?? "")
            }
        return Issue(
            id: id, title: title ?? "", body: description ?? "", state: become, labels: labels ?? [],
            isOurs: author.map { String($0.id) } == account.id, webURL: web_url)
    }
}
