import DesiredState
import GitClient

extension GitHubWire {
    /// An App writes as its bot.
    static func login(of account: StoredAccount) -> String { account.isApp ? "\(account.login)[bot]" : account.login }

    static func user(_ account: StoredAccount, _ call: Call) -> JSONValue {
        [
            "login": .string(login(of: account)), "id": .integer(account.id),
            "type": account.isApp ? "Bot" : "User", "site_admin": false,
            "html_url": .string("\(call.baseURL)/\(account.login)"), "name": .string(account.name),
        ]
    }

    static func repository(_ project: StoredProject, _ call: Call) -> JSONValue {
        let url = "\(call.baseURL)/\(project.path)"
        return [
            "id": .integer(project.id), "name": .string(project.name), "full_name": .string(project.path),
            "private": .bool(!project.isPublic), "default_branch": .string(project.defaultBranch),
            "html_url": .string(url), "clone_url": .string("\(url).git"),
            "owner": ["login": .string(project.namespace), "id": 1, "type": "Organization"], "archived": false,
            "has_issues": true,
        ]
    }

    static func label(_ name: String) -> JSONValue {
        ["id": 1, "name": .string(name), "color": "ededed", "default": false, "description": .null]
    }

    func body(
        _ world: isolated ForgeWorld, of candidate: StoredCandidate, in project: StoredProject, _ call: Call
    ) -> JSONValue {
        let url = "\(call.baseURL)/\(project.path)/pull/\(candidate.number)"
        let author = Self.user(world.account(candidate.author), call)
        func end(_ branch: String, _ sha: String) -> JSONValue {
            [
                "label": .string("\(project.namespace):\(branch)"), "ref": .string(branch), "sha": .string(sha),
                "user": author, "repo": Self.repository(project, call),
            ]
        }
        return [
            "id": .integer(candidate.id), "number": .integer(candidate.number), "html_url": .string(url),
            "url": .string("\(call.baseURL)/api/v3/repos/\(project.path)/pulls/\(candidate.number)"),
            "state": candidate.state == .open ? "open" : "closed", "locked": false,
            "title": .string(candidate.title), "user": author,
            "body": candidate.body.isEmpty ? .null : .string(candidate.body),
            "labels": .array(candidate.labels.map(Self.label)), "created_at": Self.time(candidate.created),
            "updated_at": Self.time(candidate.updated), "closed_at": Self.time(candidate.closed),
            "merged_at": candidate.state == .merged ? Self.time(candidate.closed) : .null,
            "merge_commit_sha": candidate.mergedAs.map { .string($0.hex) } ?? .null, "assignees": [],
            "requested_reviewers": .array(
                (candidate.reviewers ?? []).map { Self.user(world.account($0), call) }),
            "draft": .bool(candidate.isDraft),
            "head": end(candidate.sourceBranch ?? "", candidate.head?.hex ?? ""),
            "base": end(candidate.targetBranch, candidate.revisions.last?.base?.hex ?? ""),
            "author_association": "MEMBER", "auto_merge": .null,
        ]
    }

    static func issue(
        _ issue: StoredIssue, _ author: StoredAccount, of project: StoredProject, _ call: Call
    ) -> JSONValue {
        [
            "id": .integer(issue.id), "number": .integer(issue.number), "title": .string(issue.title),
            "body": issue.body.isEmpty ? .null : .string(issue.body), "state": issue.isOpen ? "open" : "closed",
            "user": user(author, call), "labels": .array(issue.labels.map(label)), "created_at": time(issue.created),
            "updated_at": time(issue.updated), "closed_at": time(issue.closed),
            "comments": .integer(issue.comments.count),
            "html_url": .string("\(call.baseURL)/\(project.path)/issues/\(issue.number)"),
        ]
    }

    /// A pull request among the issues.
    static func issue(
        _ candidate: StoredCandidate, _ author: StoredAccount, of project: StoredProject, _ call: Call
    ) -> JSONValue {
        let url = "\(call.baseURL)/\(project.path)/pull/\(candidate.number)"
        return [
            "id": .integer(candidate.id), "number": .integer(candidate.number), "title": .string(candidate.title),
            "body": candidate.body.isEmpty ? .null : .string(candidate.body),
            "state": candidate.state == .open ? "open" : "closed", "user": user(author, call),
            "labels": .array(candidate.labels.map(label)), "created_at": time(candidate.created),
            "updated_at": time(candidate.updated), "closed_at": time(candidate.closed), "html_url": .string(url),
            "comments": .integer(candidate.comments.count), "pull_request": ["html_url": .string(url)],
        ]
    }

    static func comment(
        _ comment: StoredComment, _ author: StoredAccount, on number: Int, of project: StoredProject, _ call: Call
    ) -> JSONValue {
        [
            "id": .integer(comment.id), "body": .string(comment.body), "user": user(author, call),
            "created_at": time(comment.created), "updated_at": time(comment.updated),
            "html_url": .string("\(call.baseURL)/\(project.path)/issues/\(number)#issuecomment-\(comment.id)"),
            "issue_url": .string("\(call.baseURL)/api/v3/repos/\(project.path)/issues/\(number)"),
            "author_association": "MEMBER", "performed_via_github_app": .null,
        ]
    }

    static func commit(_ commit: GitCommit, of project: StoredProject, _ call: Call) -> JSONValue {
        func person(_ signature: GitSignature) -> JSONValue {
            ["name": .string(signature.name), "email": .string(signature.email), "date": time(signature.date)]
        }
        return [
            "sha": .string(commit.id.hex),
            "commit": [
                "author": person(commit.author), "committer": person(commit.committer),
                "message": .string(commit.message), "tree": ["sha": .string(commit.tree.hex), "url": ""],
            ],
            "parents": .array(commit.parents.map { ["sha": .string($0.hex), "url": ""] }), "author": .null,
            "committer": .null,
            "html_url": .string("\(call.baseURL)/\(project.path)/commit/\(commit.id.hex)"),
        ]
    }

    static func file(_ change: FileChange) -> JSONValue {
        let status =
            switch change.status {
            case .added: "added"
            case .deleted: "removed"
            case .renamed: "renamed"
            default: "modified"
            }
        var members: [String: JSONValue] = [
            "sha": .string(String(repeating: "a", count: 40)), "filename": .string(change.path),
            "status": .string(status), "additions": 1, "deletions": 0, "changes": 1,
        ]
        if let old = change.oldPath { members["previous_filename"] = .string(old) }
        return .object(members)
    }

    static func status(_ status: StoredStatus, _ author: StoredAccount, _ call: Call) -> JSONValue {
        [
            "id": .integer(status.id), "state": .string(status.state), "context": .string(status.context),
            "description": status.summary.map { .string($0) } ?? .null,
            "target_url": status.url.map { .string($0) } ?? .null, "creator": user(author, call),
            "created_at": time(status.created), "updated_at": time(status.created),
        ]
    }

    static func checkRun(_ run: StoredCheckRun, _ author: StoredAccount, _ call: Call) -> JSONValue {
        [
            "id": .integer(run.id), "head_sha": .string(run.commit.hex), "name": .string(run.name),
            "status": .string(run.status), "conclusion": run.conclusion.map { .string($0) } ?? .null,
            "external_id": .string(run.externalID ?? ""), "details_url": run.url.map { .string($0) } ?? .null,
            "output": [
                "title": run.title.map { .string($0) } ?? .null, "summary": run.summary.map { .string($0) } ?? .null,
                "text": run.text.map { .string($0) } ?? .null, "annotations_count": 0,
            ],
            "app": ["id": .integer(author.id), "slug": .string(author.login), "name": .string(author.name)],
            "started_at": time(run.created), "completed_at": run.conclusion == nil ? .null : time(run.created),
        ]
    }
}
