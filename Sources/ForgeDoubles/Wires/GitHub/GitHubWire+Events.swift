import DesiredState
import GitClient

extension GitHubWire {
    /// docs.github.com, "Webhook events and payloads".
    func messages(about event: ForgeEvent, baseURL: String) -> [WebhookMessage] {
        let call = Call.describing(baseURL)
        let repository = Self.repository(event.project, call)
        let sender = Self.user(event.actor, call)
        if case .branchMoved(let branch, let old, let new) = event.kind {
            let zeros = String(repeating: "0", count: 40)
            return [
                WebhookMessage(
                    event: "push",
                    body: [
                        "ref": .string("refs/heads/\(branch)"), "before": .string(old?.hex ?? zeros),
                        "after": .string(new?.hex ?? zeros), "created": .bool(old == nil), "deleted": .bool(new == nil),
                        "forced": false, "repository": repository, "sender": sender,
                        "pusher": ["name": .string(event.actor.login), "email": .string(event.actor.email)],
                        "commits": [],
                    ])
            ]
        }
        guard let candidate = event.candidate else { return [] }
        let pull: JSONValue = [
            "id": .integer(candidate.id), "number": .integer(candidate.number), "title": .string(candidate.title),
            "state": candidate.state == .open ? "open" : "closed", "merged": .bool(candidate.state == .merged),
            "draft": .bool(candidate.isDraft), "user": sender,
            "merge_commit_sha": candidate.mergedAs.map { .string($0.hex) } ?? .null,
            "head": [
                "ref": .string(candidate.sourceBranch ?? ""), "sha": .string(candidate.head?.hex ?? ""),
                "repo": repository,
            ],
            "base": [
                "ref": .string(candidate.targetBranch),
                "sha": .string(candidate.revisions.last?.base?.hex ?? ""), "repo": repository,
            ],
        ]
        var members: [String: JSONValue] = [
            "number": .integer(candidate.number), "pull_request": pull, "repository": repository, "sender": sender,
        ]
        switch event.kind {
        case .branchMoved: return []
        case .opened: members["action"] = "opened"
        case .revised(let old):
            members["action"] = "synchronize"
            members["before"] = .string(old?.hex ?? "")
            members["after"] = .string(candidate.head?.hex ?? "")
        case .edited: members["action"] = "edited"
        case .merged, .closed: members["action"] = "closed"
        case .reopened: members["action"] = "reopened"
        case .commented(let comment):
            return [
                WebhookMessage(
                    event: "issue_comment",
                    body: [
                        "action": "created", "repository": repository, "sender": sender,
                        "issue": Self.issue(candidate, event.actor, of: event.project, call),
                        "comment": Self.comment(comment, event.actor, on: candidate.number, of: event.project, call),
                    ])
            ]
        }
        return [WebhookMessage(event: "pull_request", body: .object(members))]
    }
}

extension Call {
    /// A call that is none, for bodies that are told rather than asked for.
    static func describing(_ baseURL: String) -> Call {
        Call(method: "GET", path: "", query: [], headers: [:], body: [], input: [:], baseURL: baseURL)
    }
}
