import DesiredState
import GitClient

extension GitLabWire {
    /// doc/user/project/integrations/webhook_events.md.
    func messages(about event: ForgeEvent, baseURL: String) -> [WebhookMessage] {
        let url = "\(baseURL)/\(event.project.path)"
        let project: JSONValue = [
            "id": .integer(event.project.id), "name": .string(event.project.name), "web_url": .string(url),
            "git_http_url": .string("\(url).git"), "http_url": .string("\(url).git"),
            "path_with_namespace": .string(event.project.path),
            "default_branch": .string(event.project.defaultBranch), "namespace": .string(event.project.namespace),
        ]
        let user: JSONValue = [
            "id": .integer(event.actor.id), "name": .string(event.actor.name), "username": .string(event.actor.login),
        ]
        if case .branchMoved(let branch, let old, let new) = event.kind {
            let zeros = String(repeating: "0", count: 40)
            return [
                WebhookMessage(
                    event: "Push Hook",
                    body: [
                        "object_kind": "push", "event_name": "push", "before": .string(old?.hex ?? zeros),
                        "after": .string(new?.hex ?? zeros), "ref": .string("refs/heads/\(branch)"),
                        "checkout_sha": new.map { .string($0.hex) } ?? .null,
                        "user_username": .string(event.actor.login), "project_id": .integer(event.project.id),
                        "project": project, "commits": [], "total_commits_count": 1,
                    ])
            ]
        }
        guard let candidate = event.candidate else { return [] }
        var attributes: [String: JSONValue] = [
            "id": .integer(candidate.id), "iid": .integer(candidate.number), "title": .string(candidate.title),
            "description": .string(candidate.body), "source_branch": .string(candidate.sourceBranch ?? ""),
            "target_branch": .string(candidate.targetBranch), "source_project_id": .integer(event.project.id),
            "target_project_id": .integer(event.project.id),
            "state": candidate.state == .open ? "opened" : .string(candidate.state.rawValue),
            "merge_status": "unchecked", "last_commit": ["id": .string(candidate.head?.hex ?? "")],
            "url": .string("\(url)/-/merge_requests/\(candidate.number)"),
            "merge_commit_sha": candidate.mergedAs.map { .string($0.hex) } ?? .null,
        ]
        switch event.kind {
        case .branchMoved: return []
        case .opened: attributes["action"] = "open"
        case .revised(let old):
            attributes["action"] = "update"
            // Only when the head moved.
            attributes["oldrev"] = old.map { .string($0.hex) } ?? .null
        case .edited: attributes["action"] = "update"
        case .merged: attributes["action"] = "merge"
        case .closed: attributes["action"] = "close"
        case .reopened: attributes["action"] = "reopen"
        case .commented(let comment):
            let note: JSONValue = [
                "id": .integer(comment.id), "note": .string(comment.body), "noteable_type": "MergeRequest",
                "author_id": .integer(comment.author), "system": false,
            ]
            return [
                WebhookMessage(
                    event: "Note Hook",
                    body: [
                        "object_kind": "note", "event_type": "note", "user": user, "project": project,
                        "project_id": .integer(event.project.id), "object_attributes": note,
                        "merge_request": .object(attributes),
                    ])
            ]
        }
        return [
            WebhookMessage(
                event: "Merge Request Hook",
                body: [
                    "object_kind": "merge_request", "event_type": "merge_request", "user": user, "project": project,
                    "object_attributes": .object(attributes), "labels": [], "changes": [:],
                ])
        ]
    }
}
