import DesiredState
import GitClient

extension GiteeWire {
    static func user(_ account: StoredAccount, _ call: Call) -> JSONValue {
        [
            "id": .integer(account.id), "login": .string(account.login), "name": .string(account.name),
            "avatar_url": "", "url": .string("\(call.baseURL)/api/v5/users/\(account.login)"),
            "html_url": .string("\(call.baseURL)/\(account.login)"), "remark": "", "type": "User",
        ]
    }

    static func repository(_ project: StoredProject, _ call: Call) -> JSONValue {
        let url = "\(call.baseURL)/\(project.path)"
        return [
            "id": .integer(project.id), "full_name": .string(project.path), "human_name": .string(project.path),
            "path": .string(project.name), "name": .string(project.name), "private": .bool(!project.isPublic),
            "public": .bool(project.isPublic), "internal": false, "fork": false, "html_url": .string("\(url).git"),
            "default_branch": .string(project.defaultBranch),
            "namespace": [
                "id": 1, "type": "group", "name": .string(project.namespace), "path": .string(project.namespace),
                "html_url": .string("\(call.baseURL)/\(project.namespace)"),
            ],
        ]
    }

    static func label(_ name: String, of project: StoredProject) -> JSONValue {
        [
            "id": 1, "name": .string(name), "color": .string(project.labels[name] ?? "B5CC18"),
            "repository_id": .integer(project.id),
        ]
    }

    func body(
        _ world: isolated ForgeWorld, of candidate: StoredCandidate, in project: StoredProject, _ call: Call
    ) async throws -> JSONValue {
        let url = "\(call.baseURL)/\(project.path)/pulls/\(candidate.number)"
        let author = Self.user(world.account(candidate.author), call)
        func end(_ branch: String, _ sha: String) -> JSONValue {
            [
                "label": .string(branch), "ref": .string(branch), "sha": .string(sha), "user": author,
                "repo": Self.repository(project, call),
            ]
        }
        // Gitee says at once whether it could be merged.
        var isMergeable = false
        if candidate.state == .open {
            _ = try await world.isMergeable(candidate, in: project)
            isMergeable = try await world.isMergeable(candidate, in: project) ?? false
        }
        let state: JSONValue =
            switch candidate.state {
            case .open: "open"
            case .merged: "merged"
            case .closed: "closed"
            }
        return [
            "id": .integer(candidate.id), "number": .integer(candidate.number),
            "url": .string("\(call.baseURL)/api/v5/repos/\(project.path)/pulls/\(candidate.number)"),
            "html_url": .string(url), "state": state, "title": .string(candidate.title),
            "body": candidate.body.isEmpty ? .null : .string(candidate.body),
            "assignees_number": .integer(candidate.reviewers?.count ?? 0),
            "testers_number": 0,
            "assignees": .array((candidate.reviewers ?? []).map { Self.user(world.account($0), call) }), "testers": [],
            "milestone": .null,
            "labels": .array(candidate.labels.map { Self.label($0, of: project) }), "locked": false,
            "draft": .bool(candidate.isDraft), "created_at": Self.time(candidate.created),
            "updated_at": Self.time(candidate.updated),
            "closed_at": candidate.state == .closed ? Self.time(candidate.closed) : .null,
            "merged_at": candidate.state == .merged ? Self.time(candidate.closed) : .null,
            "mergeable": .bool(isMergeable), "can_merge_check": false, "user": author,
            "head": end(candidate.sourceBranch ?? "", candidate.head?.hex ?? ""),
            "base": end(candidate.targetBranch, candidate.revisions.last?.base?.hex ?? ""),
        ]
    }

    static func comment(
        _ comment: StoredComment, _ author: StoredAccount, onPull number: Int, of project: StoredProject, _ call: Call
    ) -> JSONValue {
        let url = "\(call.baseURL)/\(project.path)/pulls/\(number)"
        return [
            "id": .integer(comment.id), "path": .null, "position": .null, "commit_id": .null,
            "user": user(author, call), "created_at": time(comment.created), "updated_at": time(comment.updated),
            "body": .string(comment.body), "html_url": .string("\(url)#note_\(comment.id)"),
            "url": .string("\(call.baseURL)/api/v5/repos/\(project.path)/pulls/comments/\(comment.id)"),
            "comment_type": "pr_comment",
        ]
    }

    static func comment(_ comment: StoredComment, _ author: StoredAccount, _ call: Call) -> JSONValue {
        [
            "id": .integer(comment.id), "body": .string(comment.body), "user": user(author, call),
            "source": .null, "created_at": time(comment.created), "updated_at": time(comment.updated),
        ]
    }

    static func issue(
        _ issue: StoredIssue, _ author: StoredAccount, of project: StoredProject, _ call: Call
    ) -> JSONValue {
        [
            "id": .integer(issue.id), "number": .string(issue.word), "title": .string(issue.title),
            "body": issue.body.isEmpty ? .null : .string(issue.body), "state": issue.isOpen ? "open" : "closed",
            "user": user(author, call), "labels": .array(issue.labels.map { label($0, of: project) }),
            "repository": repository(project, call), "created_at": time(issue.created),
            "updated_at": time(issue.updated), "finished_at": time(issue.closed),
            "comments": .integer(issue.comments.count),
            "html_url": .string("\(call.baseURL)/\(project.path)/issues/\(issue.word)"),
        ]
    }

    static func commit(_ commit: GitCommit, of project: StoredProject, _ call: Call) -> JSONValue {
        func person(_ signature: GitSignature) -> JSONValue {
            ["name": .string(signature.name), "email": .string(signature.email), "date": time(signature.date)]
        }
        return [
            "sha": .string(commit.id.hex),
            "url": .string("\(call.baseURL)/api/v5/repos/\(project.path)/commits/\(commit.id.hex)"),
            "commit": [
                "author": person(commit.author), "committer": person(commit.committer),
                "message": .string(commit.message), "tree": ["sha": .string(commit.tree.hex), "url": ""],
            ],
            "parents": .array(commit.parents.map { ["sha": .string($0.hex), "url": ""] }),
        ]
    }

    /// Numbers are texts here, and a deleted file is `deleted`, not `removed`.
    static func file(_ change: FileChange, _ candidate: StoredCandidate) -> JSONValue {
        let status =
            switch change.status {
            case .added: "added"
            case .deleted: "deleted"
            case .renamed: "renamed"
            default: "modified"
            }
        return [
            "sha": .string(candidate.head?.hex ?? ""), "filename": .string(change.path), "status": .string(status),
            "additions": "1", "deletions": "0",
            "patch": [
                "new_path": .string(change.path), "old_path": .string(change.oldPath ?? change.path),
                "a_mode": "100644", "b_mode": "100644", "new_file": .bool(change.status == .added),
                "renamed_file": .bool(change.status == .renamed), "deleted_file": .bool(change.status == .deleted),
                "too_large": false,
            ],
        ]
    }
}
