import DesiredState
import Foundation
import GitClient

extension GerritWire {
    /// cmd-stream-events.txt: what the webhooks plugin posts is what the stream says.
    func messages(about event: ForgeEvent, baseURL: String) -> [WebhookMessage] {
        let time = JSONValue.integer(Int(event.date.timeIntervalSince1970))
        let actor: JSONValue = [
            "name": .string(event.actor.name), "email": .string(event.actor.email),
            "username": .string(event.actor.login),
        ]
        if case .branchMoved(let branch, let old, let new) = event.kind {
            let zeros = String(repeating: "0", count: 40)
            return [
                WebhookMessage(
                    event: "ref-updated",
                    body: [
                        "type": "ref-updated", "eventCreatedOn": time, "submitter": actor,
                        "refUpdate": [
                            "oldRev": .string(old?.hex ?? zeros), "newRev": .string(new?.hex ?? zeros),
                            "refName": .string("refs/heads/\(branch)"), "project": .string(event.project.path),
                        ],
                    ])
            ]
        }
        guard let change = event.candidate, let revision = change.revisions.last else { return [] }
        var members: [String: JSONValue] = [
            "eventCreatedOn": time, "project": .string(event.project.path),
            "refName": .string("refs/heads/\(change.targetBranch)"),
            "changeKey": ["key": .string(change.changeID ?? "")],
            "change": [
                "project": .string(event.project.path), "branch": .string(change.targetBranch),
                "id": .string(change.changeID ?? ""), "number": .integer(change.number),
                "subject": .string(change.title), "status": .string(Self.word(change.state)),
                "url": .string("\(baseURL)/c/\(event.project.path)/+/\(change.number)"), "owner": actor,
            ],
            "patchSet": [
                "number": .integer(revision.number), "revision": .string(revision.commit.hex),
                "parents": .array(revision.base.map { [.string($0.hex)] } ?? []),
                "ref": .string(ForgeType.gerrit.headReference(of: change.number, revision: revision.number)),
                "kind": .string(revision.kind),
                "createdOn": .integer(Int(revision.created.timeIntervalSince1970)), "uploader": actor,
            ],
        ]
        let type: String
        switch event.kind {
        case .branchMoved, .edited: return []
        case .opened, .revised:
            type = "patchset-created"
            members["uploader"] = actor
        case .merged:
            type = "change-merged"
            members["submitter"] = actor
            members["newRev"] = .string(change.mergedAs?.hex ?? "")
        case .closed:
            type = "change-abandoned"
            members["abandoner"] = actor
        case .reopened:
            type = "change-restored"
            members["restorer"] = actor
        case .commented(let comment):
            type = "comment-added"
            members["author"] = actor
            members["comment"] = .string(comment.body)
        }
        members["type"] = .string(type)
        return [WebhookMessage(event: type, body: .object(members))]
    }
}
