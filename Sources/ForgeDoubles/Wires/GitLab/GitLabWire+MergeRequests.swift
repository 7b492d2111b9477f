import DesiredState
import Diagnostics
import GitClient

extension GitLabWire {
    func list(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        var all = world.candidates(of: project)
        switch call.value("state") {
        case "opened": all = all.filter { $0.state == .open }
        case "closed": all = all.filter { $0.state == .closed }
        case "merged": all = all.filter { $0.state == .merged }
        case "locked": all = []
        default: break
        }
        if let target = call.value("target_branch") { all = all.filter { $0.targetBranch == target } }
        if let source = call.value("source_branch") { all = all.filter { $0.sourceBranch == source } }
        let numbers = (call.values("iids[]") + call.values("iids")).compactMap { Int($0) }
        if !numbers.isEmpty { all = all.filter { numbers.contains($0.number) } }
        let wanted = (call.value("labels") ?? "").words(at: ",").map(String.init)
        if !wanted.isEmpty { all = all.filter { Set(wanted).isSubset(of: $0.labels) } }
        if call.value("order_by") == "updated_at" { all.sort { ($0.updated, $0.number) < ($1.updated, $1.number) } }
        if call.value("sort") != "asc" { all.reverse() }
        let page = page(all, world, call)
        var bodies: [Int: JSONValue] = [:]
        for candidate in page.items {
            bodies[candidate.number] = body(world, of: candidate, in: project, isMergeable: nil, call)
        }
        return Self.list(page, call) { bodies[$0.number] ?? .null }
    }

    func read(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        return .json(200, try await whole(world, candidate, in: project, call))
    }

    private func whole(
        _ world: isolated ForgeWorld, _ candidate: StoredCandidate, in project: StoredProject, _ call: Call
    ) async throws -> JSONValue {
        let isMergeable =
            candidate.state == .open ? try await world.isMergeable(candidate, in: project) : nil
        guard case .object(var members) = body(world, of: candidate, in: project, isMergeable: isMergeable, call)
        else { return .null }
        let level = world.level(of: call.account, token: call.token, in: project)
        let tip = try await world.repository(of: project).branch(candidate.targetBranch)
        let base = candidate.revisions.last?.base ?? tip
        members["diff_refs"] = [
            "base_sha": base.map { .string($0.hex) } ?? .null, "head_sha": .string(candidate.head?.hex ?? ""),
            "start_sha": tip.map { .string($0.hex) } ?? .null,
        ]
        members["changes_count"] = "1"
        members["user"] = ["can_merge": .bool(level >= .write)]
        members["merge_error"] = .null
        return .object(members)
    }

    func open(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        guard let source = call.text("source_branch"), let target = call.text("target_branch"),
            let title = call.text("title")
        else {
            throw Reply.json(400, ["error": "source_branch is missing, target_branch is missing, title is missing"])
        }
        do {
            let candidate = try await world.open(
                in: project, from: source, into: target, title: title, body: call.text("description") ?? "",
                labels: call.list("labels") ?? [], isDraft: title.begins(with: "Draft:"), by: try world.somebody(call))
            return .json(201, try await whole(world, candidate, in: project, call))
        } catch WorldRefusal.noBranch(let name) {
            let field = name == source ? "source_branch" : "target_branch"
            throw Reply.json(400, ["message": .object([field: ["does not exist"]])])
        }
    }

    func update(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        let old = try candidate(world, call, in: project)
        let event = call.text("state_event")
        // A field that an old server does not know is no field at all.
        let given = Set((call.input.object ?? [:]).keys)
        if !hasLabelEdits, given.isSubset(of: ["add_labels", "remove_labels"]) {
            throw Reply.json(400, ["error": "title, labels are missing, at least one parameter must be provided"])
        }
        if old.state == .merged, event != nil { throw Self.message(405, "405 Method Not Allowed") }
        let new = try world.edit(old.number, of: project, by: try world.somebody(call)) { candidate in
            if let title = call.text("title") {
                candidate.title = title
                candidate.isDraft = title.begins(with: "Draft:")
            }
            if let body = call.text("description") { candidate.body = body }
            if let labels = call.list("labels") { candidate.labels = labels }
            // Without a licence scoped labels are labels like others: what is not taken away stays.
            for label in call.list("add_labels") ?? [] where hasLabelEdits && !candidate.labels.contains(label) {
                candidate.labels.append(label)
            }
            if hasLabelEdits, let gone = call.list("remove_labels") { candidate.labels.removeAll { gone.contains($0) } }
            // Without a licence there is one reviewer, and the others are left out without a word; here there is one.
            if hasReviewers, let ids = call.input["reviewer_ids"]?.array?.compactMap(\.integer) {
                candidate.reviewers = ids.filter { world.account($0).login != "ghost" }
            }
            if event == "close" { candidate.state = .closed }
            if event == "reopen" { candidate.state = .open }
        }
        return .json(200, try await whole(world, new, in: project, call))
    }

    func merge(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        guard world.level(of: call.account, token: call.token, in: project) >= .write else {
            throw Self.message(401, "401 Unauthorized")
        }
        let repository = try await world.repository(of: project)
        if candidate.state == .open, let head = candidate.head,
            let tip = try await repository.branch(candidate.targetBranch),
            try await repository.mirror.isAncestor(head, of: tip)
        {
            throw WorldRefusal.notMergeable("commits_status")
        }
        _ = try await world.merge(
            candidate.number, of: project, expecting: call.text("sha"), by: try world.somebody(call),
            method: call.flag("squash") == true ? .squash : .merge, message: call.text("merge_commit_message"),
            deletingSource: call.flag("should_remove_source_branch") ?? false)
        return .json(
            200, try await whole(world, try world.candidate(candidate.number, of: project), in: project, call))
    }

    func versions(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        return Self.list(page(candidate.revisions.reversed(), world, call), call) {
            Self.versionBody($0, of: candidate)
        }
    }

    /// One version with the files that it changes: api/merge_requests.md, "Get a single merge request diff version".
    func readVersion(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        let revision = candidate.revisions.first { String(candidate.id * 100 + $0.number) == call.parameter("version") }
        guard let revision, case .object(var members) = Self.versionBody(revision, of: candidate) else {
            throw Self.message(404, "404 Not found")
        }
        let changes = try await world.changes(of: candidate, at: revision, in: project)
        members["diffs"] = .array(changes.map(Self.diff))
        members["commits"] = []
        return .json(200, .object(members))
    }

    private static func versionBody(_ revision: StoredCandidate.Revision, of candidate: StoredCandidate) -> JSONValue {
        [
            "id": .integer(candidate.id * 100 + revision.number), "head_commit_sha": .string(revision.commit.hex),
            "base_commit_sha": revision.base.map { .string($0.hex) } ?? .null,
            "start_commit_sha": revision.base.map { .string($0.hex) } ?? .null, "created_at": time(revision.created),
            "merge_request_id": .integer(candidate.id), "state": "collected", "real_size": "1",
        ]
    }

    func diffs(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        let all = try await world.changes(of: candidate, in: project)
        return Self.list(page(all, world, call), call, Self.diff)
    }

    func changes(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        guard case .object(var members) = try await whole(world, candidate, in: project, call) else {
            return Reply(500)
        }
        members["changes"] = .array(try await world.changes(of: candidate, in: project).map(Self.diff))
        members["overflow"] = false
        return .json(200, .object(members))
    }

    func commits(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        let mirror = try await world.repository(of: project).mirror
        guard let head = candidate.head else { return Reply(404) }
        let all = try await mirror.commits(after: candidate.revisions.last?.base, through: head)
        return Self.list(page(all, world, call), call) { Self.commit($0, of: project, call) }
    }

    // MARK: Notes

    func notes(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        let all = call.value("sort") == "asc" ? candidate.comments : candidate.comments.reversed()
        return Self.list(page(all, world, call), call) { Self.note($0, world.account($0.author), on: candidate, call) }
    }

    func addNote(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        let candidate = try candidate(world, call, in: project)
        let author = try world.somebody(call)
        guard let text = call.text("body"), !text.isEmpty else { throw Reply.json(400, ["error": "body is missing"]) }
        let comment = try world.comment(text, on: candidate.number, of: project, by: author)
        return .json(201, Self.note(comment, author, on: candidate, call))
    }

    func note(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let (candidate, comment) = try world.comment(Int(call.parameter("note")) ?? 0, of: project)
        return .json(200, Self.note(comment, world.account(comment.author), on: candidate, call))
    }

    func editNote(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        let account = try world.somebody(call)
        let (candidate, comment) = try world.comment(Int(call.parameter("note")) ?? 0, of: project)
        guard comment.author == account.id || world.level(of: account, token: call.token, in: project) >= .maintain
        else { throw WorldRefusal.forbidden(project.path) }
        let new = try world.rewrite(comment.id, of: project, as: call.text("body") ?? "", by: account)
        return .json(200, Self.note(new, world.account(new.author), on: candidate, call))
    }
}

extension ForgeWorld {
    /// What a candidate changes against what it was made from.
    func changes(of candidate: StoredCandidate, in project: StoredProject) async throws -> [FileChange] {
        guard let last = candidate.revisions.last else { return [] }
        return try await changes(of: candidate, at: last, in: project)
    }

    /// What it changes at one of its revisions.
    func changes(
        of candidate: StoredCandidate, at revision: StoredCandidate.Revision, in project: StoredProject
    ) async throws -> [FileChange] {
        let mirror = try await repository(of: project).mirror
        var base = revision.base
        if let tip = base { base = try await mirror.mergeBase(tip, revision.commit) }
        return try await mirror.changes(from: base, to: revision.commit)
    }
}
