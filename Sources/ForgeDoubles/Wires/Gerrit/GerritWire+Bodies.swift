import DesiredState
import Foundation
import GitClient

extension GerritWire {
    static func account(_ account: StoredAccount, isDetailed: Bool) -> JSONValue {
        guard isDetailed else { return ["_account_id": .integer(account.id)] }
        return [
            "_account_id": .integer(account.id), "name": .string(account.name), "email": .string(account.email),
            "username": .string(account.login),
        ]
    }

    /// The least and the most that can be voted; nil when there is no such label.
    static func range(of label: String) -> ClosedRange<Int>? {
        switch label {
        case "Verified": -1...1
        case "Code-Review": -2...2
        default: nil
        }
    }

    private static func values(of label: String) -> JSONValue {
        label == "Verified"
            ? ["-1": "Fails", " 0": "No score", "+1": "Verified"]
            : [
                "-2": "This shall not be submitted", "-1": "I would prefer this is not submitted as is",
                " 0": "No score",
                "+1": "Looks good to me, but someone else must approve", "+2": "Looks good to me, approved",
            ]
    }

    /// rest-api-projects.txt, LabelDefinitionInfo: what a project inherits.
    static func definition(of label: String, for project: StoredProject) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(label), "project_name": "All-Projects",
            "function": .string(project.labelFunction ?? "MaxWithBlock"),
            "values": values(of: label), "default_value": 0, "can_override": true, "allow_post_submit": true,
        ]
        if label == "Verified", let condition = project.copyCondition { members["copy_condition"] = .string(condition) }
        return .object(members)
    }

    static func message(_ comment: StoredComment, _ author: StoredAccount) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(String(comment.id, radix: 16)), "author": account(author, isDetailed: true),
            "real_author": account(author, isDetailed: true), "date": time(comment.created),
            "message": .string(comment.body),
        ]
        if let tag = comment.tag { members["tag"] = .string(tag) }
        if let revision = comment.revision { members["_revision_number"] = .integer(revision) }
        return .object(members)
    }

    static func commit(_ commit: GitCommit) -> JSONValue {
        func person(_ signature: GitSignature) -> JSONValue {
            [
                "name": .string(signature.name), "email": .string(signature.email), "date": time(signature.date),
                "tz": 0,
            ]
        }
        return [
            "parents": .array(commit.parents.map { ["commit": .string($0.hex), "subject": ""] }),
            "author": person(commit.author), "committer": person(commit.committer),
            "subject": .string(commit.subject), "message": .string(commit.message),
        ]
    }

    /// FileInfo by path; a modified file has no status. `/COMMIT_MSG` stands among them.
    static func files(of revision: StoredCandidate.Revision, in mirror: GitMirror) async throws -> JSONValue {
        var files: [String: JSONValue] = [
            "/COMMIT_MSG": ["status": "A", "lines_inserted": 9, "size_delta": 300, "size": 300]
        ]
        for change in try await mirror.changes(from: revision.base, to: revision.commit) {
            var members: [String: JSONValue] = ["lines_inserted": 1, "size_delta": 1, "size": 1]
            switch change.status {
            case .added: members["status"] = "A"
            case .deleted: members["status"] = "D"
            case .renamed:
                members["status"] = "R"
                if let old = change.oldPath { members["old_path"] = .string(old) }
            default: break
            }
            files[change.path] = .object(members)
        }
        return .object(files)
    }

    /// rest-api-changes.txt, ChangeInfo, with what the options ask for and nothing more.
    func info(
        _ world: isolated ForgeWorld, _ change: StoredCandidate, of project: StoredProject, _ options: Set<String>,
        _ call: Call
    ) async throws -> JSONValue {
        let isDetailed = options.contains("DETAILED_ACCOUNTS")
        let id = [project.path, change.targetBranch, change.changeID ?? ""].map(\.queryEscaped)
        var members: [String: JSONValue] = [
            "id": .string(id.joined(separator: "~")), "project": .string(project.path),
            "branch": .string(change.targetBranch), "change_id": .string(change.changeID ?? ""),
            "subject": .string(change.title), "status": .string(Self.word(change.state)),
            "created": Self.time(change.created), "updated": Self.time(change.updated),
            "_number": .integer(change.number), "hashtags": .array(change.labels.map { .string($0) }), "insertions": 1,
            "deletions": 0,
            "owner": Self.account(world.account(change.author), isDetailed: isDetailed),
            "submit_type": "MERGE_IF_NECESSARY", "has_review_started": .bool(!change.isDraft),
        ]
        if let topic = change.topic { members["topic"] = .string(topic) }
        if change.isDraft { members["work_in_progress"] = true }
        if change.state == .merged {
            members["submitted"] = Self.time(change.closed ?? change.updated)
            members["submitter"] = Self.account(world.account(change.mergedBy ?? 0), isDetailed: isDetailed)
        }
        if !options.isDisjoint(with: ["LABELS", "DETAILED_LABELS"]) {
            members["labels"] = labels(world, of: change, isDetailed: options.contains("DETAILED_LABELS"))
            let isVoter = world.level(of: call.account, token: call.token, in: project) >= .report
            members["permitted_labels"] = isVoter ? ["Verified": ["-1", " 0", "+1"]] : [:]
        }
        if options.contains("SUBMITTABLE") {
            members["submittable"] = .bool(change.state == .open && Self.obstacle(to: change, in: project) == nil)
        }
        if options.contains("MESSAGES") {
            members["messages"] = .array(change.comments.map { Self.message($0, world.account($0.author)) })
        }
        let all = options.contains("ALL_REVISIONS")
        if all || options.contains("CURRENT_REVISION"), let last = change.revisions.last {
            members["current_revision"] = .string(last.commit.hex)
            members["current_revision_number"] = .integer(last.number)
            var revisions: [String: JSONValue] = [:]
            for revision in all ? change.revisions : [last] {
                revisions[revision.commit.hex] = try await info(
                    world, revision, of: change, in: project, options, isLast: revision == last, call)
            }
            members["revisions"] = .object(revisions)
        }
        return .object(members)
    }

    private func info(
        _ world: isolated ForgeWorld, _ revision: StoredCandidate.Revision, of change: StoredCandidate,
        in project: StoredProject, _ options: Set<String>, isLast: Bool, _ call: Call
    ) async throws -> JSONValue {
        let reference = world.type.headReference(of: change.number, revision: revision.number)
        let prefix = call.account == nil ? "" : "/a"
        var members: [String: JSONValue] = [
            "kind": .string(revision.kind), "_number": .integer(revision.number), "ref": .string(reference),
            "created": Self.time(revision.created), "branch": .string("refs/heads/\(change.targetBranch)"),
            "uploader": Self.account(world.account(revision.uploader), isDetailed: true),
            "fetch": [
                "http": ["url": .string("\(call.baseURL)\(prefix)/\(project.path)"), "ref": .string(reference)]
            ],
        ]
        let mirror = try await world.repository(of: project).mirror
        if options.contains("ALL_COMMITS") || isLast && options.contains("CURRENT_COMMIT") {
            members["commit"] = Self.commit(try await mirror.commit(revision.commit))
        }
        if options.contains("ALL_FILES") || isLast && options.contains("CURRENT_FILES") {
            guard case .object(var files) = try await Self.files(of: revision, in: mirror) else { return [:] }
            files["/COMMIT_MSG"] = nil
            members["files"] = .object(files)
        }
        return .object(members)
    }

    private func labels(
        _ world: isolated ForgeWorld, of change: StoredCandidate, isDetailed: Bool
    ) -> JSONValue {
        let votes = change.votes(on: change.revisions.last?.number ?? 0)
        let reviewers = Set(change.votes.map(\.account)).sorted()
        var labels: [String: JSONValue] = [:]
        for label in ["Code-Review", "Verified"] {
            let range = Self.range(of: label) ?? 0...0
            let cast = votes.filter { $0.label == label && $0.value != 0 }
            var members: [String: JSONValue] = [:]
            for vote in cast {
                let voter = Self.account(world.account(vote.account), isDetailed: false)
                switch vote.value {
                case range.upperBound: members["approved"] = voter
                case range.lowerBound:
                    members["rejected"] = voter
                    members["blocking"] = true
                case 1...: members["recommended"] = voter
                default: members["disliked"] = voter
                }
            }
            if isDetailed {
                members["all"] = .array(
                    reviewers.map { id in
                        let vote = cast.first { $0.account == id }
                        var entry: [String: JSONValue] = [
                            "_account_id": .integer(id), "username": .string(world.account(id).login),
                            "name": .string(world.account(id).name), "value": .integer(vote?.value ?? 0),
                            "permitted_voting_range": [
                                "min": .integer(range.lowerBound), "max": .integer(range.upperBound),
                            ],
                        ]
                        if let vote {
                            entry["date"] = Self.time(vote.date)
                            if let tag = vote.tag { entry["tag"] = .string(tag) }
                        }
                        return .object(entry)
                    })
                members["values"] = Self.values(of: label)
                members["default_value"] = 0
            }
            labels[label] = .object(members)
        }
        return .object(labels)
    }

    /// Why a change cannot be submitted; nil when it can.
    static func obstacle(to change: StoredCandidate, in project: StoredProject) -> String? {
        if change.isDraft { return "Change \(change.number) is marked work in progress" }
        guard project.needsVerified else { return nil }
        let votes = change.votes(on: change.revisions.last?.number ?? 0).filter { $0.label == "Verified" }
        if votes.contains(where: { $0.value == -1 }) { return "submit requirement 'Verified' is unsatisfied." }
        return votes.contains { $0.value == 1 } ? nil : "submit requirement 'Verified' is unsatisfied."
    }
}
