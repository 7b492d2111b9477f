import DesiredState
import GitClient

extension GitLabWire {
    static func user(_ account: StoredAccount, _ call: Call) -> JSONValue {
        [
            "id": .integer(account.id), "username": .string(account.login), "name": .string(account.name),
            "state": "active", "web_url": .string("\(call.baseURL)/\(account.login)"), "avatar_url": .null,
        ]
    }

    /// As doc/api/personal_access_tokens.md has it.
    static func token(_ token: StoredToken, of account: StoredAccount) -> JSONValue {
        [
            "id": 4, "name": .string(token.name ?? account.login), "user_id": .integer(account.id),
            "revoked": false, "active": true, "created_at": "2020-07-23T14:31:47.729Z", "description": "",
            "scopes": .array((token.scopes ?? ["api"]).map { .string($0) }), "last_used_at": .null,
            "expires_at": token.end.map { .string(WireTime.text($0, as: "%Y-%m-%d")) } ?? .null,
        ]
    }

    private static func state(_ state: StoredCandidate.State) -> JSONValue {
        switch state {
        case .open: "opened"
        case .merged: "merged"
        case .closed: "closed"
        }
    }

    /// A merge request as lists have it.
    func body(
        _ world: isolated ForgeWorld, of candidate: StoredCandidate, in project: StoredProject, isMergeable: Bool?,
        _ call: Call
    ) -> JSONValue {
        let merger = candidate.mergedBy.map { Self.user(world.account($0), call) } ?? .null
        let isMerged = candidate.state == .merged
        let closed = candidate.state == .closed
        // A merge request of 11.3 that was merged still says can_be_merged: the state is to be read first.
        let status =
            isMerged ? "can_be_merged" : isMergeable.map { $0 ? "can_be_merged" : "cannot_be_merged" } ?? "checking"
        var members: [String: JSONValue] = [
            "id": .integer(candidate.id), "iid": .integer(candidate.number), "project_id": .integer(project.id),
            "title": .string(candidate.title), "description": .string(candidate.body),
            "state": Self.state(candidate.state), "created_at": Self.time(candidate.created),
            "updated_at": Self.time(candidate.updated), "merged_by": merger, "merge_user": merger,
            "merged_at": isMerged ? Self.time(candidate.closed) : .null,
            "closed_at": closed ? Self.time(candidate.closed) : .null, "closed_by": .null,
            "target_branch": .string(candidate.targetBranch), "source_branch": .string(candidate.sourceBranch ?? ""),
            "author": Self.user(world.account(candidate.author), call), "assignees": [],
            "source_project_id": .integer(project.id), "target_project_id": .integer(project.id),
            "labels": .array(candidate.labels.sorted().map { .string($0) }), "draft": .bool(candidate.isDraft),
            "work_in_progress": .bool(candidate.isDraft), "merge_status": .string(status),
            "sha": .string(candidate.head?.hex ?? ""),
            "merge_commit_sha": candidate.mergedAs.map { .string($0.hex) } ?? .null, "squash_commit_sha": .null,
            "squash": false, "user_notes_count": .integer(candidate.comments.count { !$0.isSystem }),
            "reference": .string("!\(candidate.number)"), "has_conflicts": .bool(isMergeable == false),
            "references": [
                "short": .string("!\(candidate.number)"), "relative": .string("!\(candidate.number)"),
                "full": .string("\(project.path)!\(candidate.number)"),
            ],
            "web_url": .string("\(call.baseURL)/\(project.path)/-/merge_requests/\(candidate.number)"),
            "merge_when_pipeline_succeeds": false, "should_remove_source_branch": .null,
        ]
        if hasReviewers {
            members["reviewers"] = .array((candidate.reviewers ?? []).map { Self.user(world.account($0), call) })
        }
        if hasDetailedMergeStatus {
            let detailed =
                if candidate.state != .open { "not_open" } else if candidate.isDraft { "draft_status" } else {
                    isMergeable.map { $0 ? "mergeable" : "conflict" } ?? "checking"
                }
            members["detailed_merge_status"] = .string(detailed)
        }
        return .object(members)
    }

    static func diff(_ change: FileChange) -> JSONValue {
        [
            "old_path": .string(change.oldPath ?? change.path), "new_path": .string(change.path), "a_mode": "100644",
            "b_mode": change.status == .deleted ? "0" : "100644", "diff": "",
            "new_file": .bool(change.status == .added),
            "renamed_file": .bool(change.status == .renamed), "deleted_file": .bool(change.status == .deleted),
        ]
    }

    static func note(
        _ comment: StoredComment, _ author: StoredAccount, on candidate: StoredCandidate?, _ call: Call
    ) -> JSONValue {
        [
            "id": .integer(comment.id), "type": .null, "body": .string(comment.body),
            "author": user(author, call), "created_at": time(comment.created), "updated_at": time(comment.updated),
            "system": .bool(comment.isSystem), "noteable_type": candidate == nil ? "Issue" : "MergeRequest",
            "noteable_iid": candidate.map { .integer($0.number) } ?? .null, "resolvable": false, "internal": false,
        ]
    }

    static func issue(
        _ issue: StoredIssue, _ author: StoredAccount, of project: StoredProject, _ call: Call
    ) -> JSONValue {
        [
            "id": .integer(issue.id), "iid": .integer(issue.number), "project_id": .integer(project.id),
            "title": .string(issue.title), "description": .string(issue.body),
            "state": issue.isOpen ? "opened" : "closed", "created_at": time(issue.created),
            "updated_at": time(issue.updated), "closed_at": time(issue.closed), "author": user(author, call),
            "labels": .array(issue.labels.sorted().map { .string($0) }), "assignees": [],
            "web_url": .string("\(call.baseURL)/\(project.path)/-/issues/\(issue.number)"),
        ]
    }

    static func commit(_ commit: GitCommit, of project: StoredProject, _ call: Call) -> JSONValue {
        [
            "id": .string(commit.id.hex), "short_id": .string(String(commit.id.hex.prefix(8))),
            "title": .string(commit.subject), "message": .string(commit.message),
            "author_name": .string(commit.author.name), "author_email": .string(commit.author.email),
            "authored_date": time(commit.author.date), "committer_name": .string(commit.committer.name),
            "committed_date": time(commit.committer.date), "created_at": time(commit.committer.date),
            "parent_ids": .array(commit.parents.map { .string($0.hex) }),
            "web_url": .string("\(call.baseURL)/\(project.path)/-/commit/\(commit.id.hex)"),
        ]
    }

    static func branch(
        _ name: RefName, _ head: ObjectID, in repository: BareRepository, of project: StoredProject, _ call: Call
    ) async throws -> JSONValue {
        let short = name.branchName ?? name.rawValue
        return [
            "name": .string(short), "commit": commit(try await repository.mirror.commit(head), of: project, call),
            "merged": false, "protected": .bool(project.protectedBranches.contains(short)),
            "default": .bool(short == project.defaultBranch), "can_push": true,
            "web_url": .string("\(call.baseURL)/\(project.path)/-/tree/\(short)"),
        ]
    }

    static func status(_ status: StoredStatus, _ author: StoredAccount, _ call: Call) -> JSONValue {
        [
            "id": .integer(status.id), "sha": .string(status.commit.hex),
            "ref": status.ref.map { .string($0) } ?? .null,
            "status": .string(status.state), "name": .string(status.context),
            "target_url": status.url.map { .string($0) } ?? .null,
            "description": status.summary.map { .string($0) } ?? .null, "created_at": time(status.created),
            "started_at": .null, "finished_at": .null, "allow_failure": false, "coverage": .null,
            "author": user(author, call),
        ]
    }
}
