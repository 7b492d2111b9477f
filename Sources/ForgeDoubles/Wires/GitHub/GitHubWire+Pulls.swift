import DesiredState
import Diagnostics
import GitClient

extension GitHubWire {
    func list(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        var all = world.candidates(of: project)
        switch call.value("state") ?? "open" {
        case "open": all = all.filter { $0.state == .open }
        case "closed": all = all.filter { $0.state != .open }
        default: break
        }
        if let base = call.value("base") { all = all.filter { $0.targetBranch == base } }
        if let head = call.value("head") {
            // `owner:branch`; without an owner GitHub ignores the filter.
            let parts = head.words(at: ":", maxSplits: 1)
            if parts.count == 2 {
                all = all.filter { project.namespace == parts[0] && $0.sourceBranch == String(parts[1]) }
            }
        }
        if call.value("sort") == "updated" { all.sort { ($0.updated, $0.number) < ($1.updated, $1.number) } }
        // Created: the newest first; sorted by something else: the oldest first.
        if (call.value("direction") ?? (call.value("sort") == nil ? "desc" : "asc")) == "desc" { all.reverse() }
        let page = page(all, world, call)
        var bodies: [Int: JSONValue] = [:]
        for candidate in page.items { bodies[candidate.number] = body(world, of: candidate, in: project, call) }
        return Self.list(page, call) { bodies[$0.number] ?? .null }
    }

    /// A pull request alone has what lists leave out.
    private func whole(
        _ world: isolated ForgeWorld, _ candidate: StoredCandidate, in project: StoredProject, _ call: Call
    ) async throws -> JSONValue {
        guard case .object(var members) = body(world, of: candidate, in: project, call) else { return .null }
        let isMergeable = candidate.state == .open ? try await world.isMergeable(candidate, in: project) : nil
        members["merged"] = .bool(candidate.state == .merged)
        members["mergeable"] = isMergeable.map { .bool($0) } ?? .null
        let state =
            if candidate.state != .open { "unknown" } else if candidate.isDraft { "draft" } else {
                isMergeable.map { $0 ? "clean" : "dirty" } ?? "unknown"
            }
        members["mergeable_state"] = .string(state)
        members["merged_by"] = candidate.mergedBy.map { Self.user(world.account($0), call) } ?? .null
        members["comments"] = .integer(candidate.comments.count)
        members["commits"] = 1
        members["changed_files"] = .integer(try await world.changes(of: candidate, in: project).count)
        return .object(members)
    }

    func read(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        return .json(200, try await whole(world, candidate, in: project, call))
    }

    func open(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        guard let title = call.text("title"), let head = call.text("head"), let base = call.text("base") else {
            throw Self.invalid(["resource": "PullRequest", "field": "head", "code": "missing_field"])
        }
        let source = head.words(at: ":", maxSplits: 1).last.map(String.init) ?? head
        do {
            let candidate = try await world.open(
                in: project, from: source, into: base, title: title, body: call.text("body") ?? "",
                isDraft: call.flag("draft") ?? false, by: try world.somebody(call))
            return .json(201, try await whole(world, candidate, in: project, call))
        } catch WorldRefusal.noBranch(let name) {
            throw Self.invalid([
                "resource": "PullRequest", "field": name == source ? "head" : "base", "code": "invalid",
            ])
        }
    }

    func update(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        let old = try candidate(world, call, in: project)
        let state = call.text("state")
        if old.state == .merged, state == "open" {
            throw Self.invalid(["resource": "PullRequest", "field": "state", "code": "invalid"])
        }
        let new = try world.edit(old.number, of: project, by: try world.somebody(call)) { candidate in
            if let title = call.text("title") { candidate.title = title }
            if let body = call.text("body") { candidate.body = body }
            if state == "closed", candidate.state == .open { candidate.state = .closed }
            if state == "open" { candidate.state = .open }
        }
        return .json(200, try await whole(world, new, in: project, call))
    }

    /// rest/pulls/review-requests: only collaborators, and never the author.
    func requestReview(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        var candidate = try candidate(world, call, in: project)
        for login in call.list("reviewers") ?? [] {
            guard let account = world.account(called: login) else {
                throw Self.message(
                    422,
                    "Reviews may only be requested from collaborators. One or more of the users or teams you specified "
                        + "is not a collaborator of the \(project.path) repository.")
            }
            guard account.id != candidate.author else {
                throw Self.message(422, "Review cannot be requested from pull request author.")
            }
            candidate = try world.ask(account, toReview: candidate.number, of: project, by: try world.somebody(call))
        }
        return .json(201, try await whole(world, candidate, in: project, call))
    }

    func isMerged(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        return candidate.state == .merged ? Reply(204) : Self.message(404, "Not Found")
    }

    func merge(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        let candidate = try candidate(world, call, in: project)
        let title = call.text("commit_title")
        let message = call.text("commit_message")
        let text = title == nil && message == nil ? nil : [title, message].compactMap(\.self).joined(separator: "\n\n")
        let merged = try await world.merge(
            candidate.number, of: project, expecting: call.text("sha"), by: try world.somebody(call),
            method: call.text("merge_method") == "squash" ? .squash : .merge, message: text)
        return .json(
            200,
            ["sha": .string(merged.hex), "merged": true, "message": "Pull Request successfully merged"])
    }

    func files(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        let all = try await world.changes(of: candidate, in: project)
        return Self.list(page(all, world, call), call, Self.file)
    }

    func commits(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        let mirror = try await world.repository(of: project).mirror
        guard let head = candidate.head else { return Reply(404) }
        let all = try await mirror.commits(after: candidate.revisions.last?.base, through: head)
        return Self.list(page(all.reversed(), world, call), call) { Self.commit($0, of: project, call) }
    }

    // MARK: Statuses and checks

    func setStatus(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        guard let commit = try await world.repository(of: project).commit(call.parameter("sha")) else {
            throw WorldRefusal.noCommit(call.parameter("sha"))
        }
        guard let state = call.text("state"), ["error", "failure", "pending", "success"].contains(state) else {
            throw Self.invalid(["resource": "Status", "field": "state", "code": "custom"])
        }
        if let summary = call.text("description"), summary.count > 140 {
            throw Self.invalid([
                "resource": "Status", "field": "description", "code": "custom",
                "message": "description is too long (maximum is 140 characters)",
            ])
        }
        let account = try world.somebody(call)
        let status = StoredStatus(
            id: try world.nextID(), commit: commit, context: call.text("context") ?? "default", state: state,
            summary: call.text("description"), url: call.text("target_url"), ref: nil, author: account.id,
            created: world.now())
        try world.append(status, in: project)
        return .json(201, Self.status(status, account, call))
    }

    /// All of them, the newest first.
    func statuses(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        guard let commit = try await world.repository(of: project).commit(call.parameter("sha")) else {
            throw Self.message(404, "Not Found")
        }
        let all = (world.statuses[project.id] ?? []).filter { $0.commit == commit }
        return Self.list(page(all.reversed(), world, call), call) { Self.status($0, world.account($0.author), call) }
    }

    /// The latest of each context.
    func combinedStatus(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        guard let commit = try await world.repository(of: project).commit(call.parameter("sha")) else {
            throw Self.message(404, "Not Found")
        }
        let all = world.latestStatuses(on: commit.hex, of: project)
        let page = page(all, world, call)
        let states = all.map(\.state)
        let state =
            states.contains { $0 == "failure" || $0 == "error" }
            ? "failure" : states.allSatisfy { $0 == "success" } && !states.isEmpty ? "success" : "pending"
        return .json(
            200,
            [
                "state": .string(state), "sha": .string(commit.hex), "total_count": .integer(page.total),
                "statuses": .array(page.items.map { Self.status($0, world.account($0.author), call) }),
                "repository": Self.repository(project, call),
            ], headers: page.link(call).map { [("Link", $0)] } ?? [])
    }

    private func needApp(_ world: isolated ForgeWorld, _ call: Call) throws -> StoredAccount {
        let account = try world.somebody(call)
        guard account.isApp else { throw Self.message(403, "You must authenticate via a GitHub App.") }
        return account
    }

    func makeCheckRun(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        let account = try needApp(world, call)
        guard let name = call.text("name"), let sha = call.text("head_sha"),
            let commit = try await world.repository(of: project).commit(sha)
        else { throw Self.message(422, "No commit found for SHA: \(call.text("head_sha") ?? "")") }
        var run = StoredCheckRun(
            id: try world.nextID(), commit: commit, name: name, status: "queued", author: account.id,
            created: world.now())
        Self.apply(call, to: &run)
        try world.put(run, in: project)
        return .json(201, Self.checkRun(run, account, call))
    }

    func editCheckRun(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        let account = try needApp(world, call)
        let id = Int(call.parameter("run"))
        guard var run = world.checks[project.id]?.first(where: { $0.id == id }) else { throw WorldRefusal.noComment }
        Self.apply(call, to: &run)
        try world.put(run, in: project)
        return .json(200, Self.checkRun(run, account, call))
    }

    private static func apply(_ call: Call, to run: inout StoredCheckRun) {
        if let name = call.text("name") { run.name = name }
        if let status = call.text("status") { run.status = status }
        if let conclusion = call.text("conclusion") {
            run.conclusion = conclusion
            // A conclusion completes the run.
            run.status = "completed"
        }
        if let url = call.text("details_url") { run.url = url }
        if let id = call.text("external_id") { run.externalID = id }
        if let output = call.input["output"] {
            run.title = output["title"]?.string ?? run.title
            run.summary = output["summary"]?.string ?? run.summary
            run.text = output["text"]?.string ?? run.text
        }
    }

    func checkRuns(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        guard let commit = try await world.repository(of: project).commit(call.parameter("sha")) else {
            throw WorldRefusal.noCommit(call.parameter("sha"))
        }
        var all = (world.checks[project.id] ?? []).filter { $0.commit == commit }
        if let name = call.value("check_name") { all = all.filter { $0.name == name } }
        if (call.value("filter") ?? "latest") == "latest" {
            all = all.filter { run in !all.contains { $0.name == run.name && $0.id > run.id } }
        }
        let page = page(all, world, call)
        return .json(
            200,
            [
                "total_count": .integer(page.total),
                "check_runs": .array(page.items.map { Self.checkRun($0, world.account($0.author), call) }),
            ], headers: page.link(call).map { [("Link", $0)] } ?? [])
    }
}
