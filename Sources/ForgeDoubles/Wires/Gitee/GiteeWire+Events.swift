import DesiredState
import GitClient

extension GiteeWire {
    /// As in go-scm's testdata/webhooks. What the signature consists of is put into the body by whoever signs.
    func messages(about event: ForgeEvent, baseURL: String) -> [WebhookMessage] {
        let call = Call.describing(baseURL)
        let url = "\(baseURL)/\(event.project.path)"
        let sender = Self.user(event.actor, call)
        let project: JSONValue = [
            "id": .integer(event.project.id), "name": .string(event.project.name),
            "path": .string(event.project.name), "full_name": .string(event.project.path),
            "path_with_namespace": .string(event.project.path), "namespace": .string(event.project.namespace),
            "git_http_url": .string("\(url).git"), "clone_url": .string("\(url).git"), "html_url": .string(url),
            "default_branch": .string(event.project.defaultBranch),
        ]
        if case .branchMoved(let branch, let old, let new) = event.kind {
            let zeros = String(repeating: "0", count: 40)
            return [
                WebhookMessage(
                    event: "Push Hook",
                    body: [
                        "hook_name": "push_hooks", "ref": .string("refs/heads/\(branch)"),
                        "before": .string(old?.hex ?? zeros), "after": .string(new?.hex ?? zeros),
                        "created": .bool(old == nil), "deleted": .bool(new == nil), "project": project,
                        "repository": project, "sender": sender, "commits": [], "total_commits_count": 1,
                    ])
            ]
        }
        guard let candidate = event.candidate else { return [] }
        let pull: JSONValue = [
            "id": .integer(candidate.id), "number": .integer(candidate.number), "title": .string(candidate.title),
            "state": .string(candidate.state.rawValue), "merged": .bool(candidate.state == .merged),
            "html_url": .string("\(url)/pulls/\(candidate.number)"), "labels": [], "user": sender,
            "head": [
                "ref": .string(candidate.sourceBranch ?? ""), "sha": .string(candidate.head?.hex ?? ""),
                "repo": project,
            ],
            "base": [
                "ref": .string(candidate.targetBranch),
                "sha": .string(candidate.revisions.last?.base?.hex ?? ""), "repo": project,
            ],
        ]
        var members: [String: JSONValue] = [
            "hook_name": "merge_request_hooks", "iid": .integer(candidate.number),
            "number": .integer(candidate.number), "title": .string(candidate.title),
            "source_branch": .string(candidate.sourceBranch ?? ""), "target_branch": .string(candidate.targetBranch),
            "state": .string(candidate.state.rawValue), "pull_request": pull, "project": project, "repository": project,
            "sender": sender, "author": sender,
        ]
        switch event.kind {
        case .branchMoved: return []
        case .opened: members["action"] = "open"
        case .revised:
            members["action"] = "update"
            members["action_desc"] = "source_branch_changed"
        case .edited:
            members["action"] = "update"
            members["action_desc"] = "update_label"
        case .merged: members["action"] = "merge"
        case .closed: members["action"] = "close"
        case .reopened: members["action"] = "open"
        case .commented(let comment):
            return [
                WebhookMessage(
                    event: "Note Hook",
                    body: [
                        "hook_name": "note_hooks", "action": "comment", "noteable_type": "PullRequest",
                        "note": .string(comment.body), "pull_request": pull, "project": project, "repository": project,
                        "sender": sender,
                        "comment": ["id": .integer(comment.id), "body": .string(comment.body), "user": sender],
                    ])
            ]
        }
        return [WebhookMessage(event: "Merge Request Hook", body: .object(members))]
    }
}
