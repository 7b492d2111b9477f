import DesiredState
import Diagnostics
import Foundation
import GitClient

extension GitLabWire {
    var routes: [DoubleRoute] {
        let requests = "/projects/{id}/merge_requests"
        let repository = "/projects/{id}/repository"
        let issues = "/projects/{id}/issues"
        return [
            .get("/version") { _, _ in .json(200, ["version": .string(version), "revision": "c1a2b3d4e5f"]) },
            .get("/metadata") { _, _ in .json(200, ["version": .string(version), "revision": "c1a2b3d4e5f"]) },
            .get("/user", ownUser),
            .get("/personal_access_tokens/self", ownToken),
            .get("/users", users),
            .get("/projects/{id}", project),
            .get(requests, list),
            .post(requests, open),
            .get("\(requests)/{iid}", read),
            .put("\(requests)/{iid}", update),
            .put("\(requests)/{iid}/merge", merge),
            .get("\(requests)/{iid}/versions", versions),
            .get("\(requests)/{iid}/versions/{version}", readVersion),
            .get("\(requests)/{iid}/diffs", diffs),
            .get("\(requests)/{iid}/changes", changes),
            .get("\(requests)/{iid}/commits", commits),
            .get("\(requests)/{iid}/notes", notes),
            .post("\(requests)/{iid}/notes", addNote),
            .get("\(requests)/{iid}/notes/{note}", note),
            .put("\(requests)/{iid}/notes/{note}", editNote),
            .get(issues, listIssues),
            .post(issues, openIssue),
            .get("\(issues)/{iid}", readIssue),
            .put("\(issues)/{iid}", editIssue),
            .get("\(issues)/{iid}/notes", issueNotes),
            .post("\(issues)/{iid}/notes", addIssueNote),
            .put("\(issues)/{iid}/notes/{note}", editIssueNote),
            .post("/projects/{id}/statuses/{sha}", setStatus),
            .get("\(repository)/commits/{sha}/statuses", statuses),
            .get("\(repository)/commits/{sha}", commit),
            .get("\(repository)/branches", branches),
            .post("\(repository)/branches", makeBranch),
            .get("\(repository)/branches/{branch*}", branch),
            .delete("\(repository)/branches/{branch*}", deleteBranch),
            .get("\(repository)/compare", compare),
            .get("\(repository)/files/{path*}", file),
            .post("\(repository)/commits", makeCommit),
            .get("/projects/{id}/labels", labels),
            .post("/projects/{id}/labels", makeLabel),
            .get("/projects/{id}/protected_branches", protectedBranches),
            .get("/projects/{id}/approvals") { _, _ in .json(200, ["approvals_before_merge": 0]) },
        ]
    }

    func ownUser(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        .json(200, Self.user(try world.somebody(call), call))
    }

    /// api/personal_access_tokens.md: with any scope.
    func ownToken(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let account = try world.somebody(call)
        guard hasTokenInformation, let token = call.token else { throw failure(404, retryAfter: nil) }
        return .json(200, Self.token(token, of: account))
    }

    /// api/users.md: by their exact name, whatever its case.
    func users(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        _ = try world.somebody(call)
        let found = call.value("username").flatMap { world.account(called: $0) }
        return .json(200, .array([found].compactMap(\.self).map { Self.user($0, call) }))
    }

    /// A project by its number or its encoded path.
    func find(
        _ world: isolated ForgeWorld, _ call: Call, atLeast level: AccessLevel = .read
    ) throws(WorldRefusal) -> StoredProject {
        let id = call.parameter("id")
        if let number = Int(id) { return try world.allow(try world.project(id: number), call, atLeast: level) }
        return try world.project(id, call, atLeast: level)
    }

    func candidate(
        _ world: isolated ForgeWorld, _ call: Call, in project: StoredProject
    ) throws(WorldRefusal) -> StoredCandidate {
        guard let number = Int(call.parameter("iid")) else { throw .invalid("iid is invalid") }
        return try world.candidate(number, of: project)
    }

    func project(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let url = "\(call.baseURL)/\(project.path)"
        let level = world.level(of: call.account, token: call.token, in: project)
        return .json(
            200,
            [
                "id": .integer(project.id), "name": .string(project.name), "path": .string(project.name),
                "path_with_namespace": .string(project.path), "default_branch": .string(project.defaultBranch),
                "visibility": project.isPublic ? "public" : "private", "web_url": .string(url),
                "http_url_to_repo": .string("\(url).git"), "archived": false,
                "merge_method": project.refusesMergeCommits ? "ff" : "merge",
                "squash_option": project.squashesAlways ? "always" : "default_off",
                "issues_enabled": true, "merge_requests_enabled": true,
                "only_allow_merge_if_pipeline_succeeds": false,
                "permissions": [
                    "project_access": ["access_level": .integer(Self.accessLevel(level)), "notification_level": 3],
                    "group_access": .null,
                ],
            ])
    }

    static func accessLevel(_ level: AccessLevel) -> Int {
        switch level {
        case .none: 0
        case .read: 10
        case .report: 20
        case .write: 30
        case .maintain: 40
        }
    }

    func labels(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        return Self.list(page(project.labels.sorted { $0.key < $1.key }, world, call), call) { label in
            ["id": 1, "name": .string(label.key), "color": .string(label.value), "description": .null]
        }
    }

    func makeLabel(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        var project = try find(world, call, atLeast: .report)
        guard let name = call.text("name"), let color = call.text("color") else {
            throw Reply.json(400, ["error": "name is missing, color is missing"])
        }
        guard project.labels[name] == nil else { throw Self.message(409, "Label already exists") }
        project.labels[name] = color
        try world.put(project)
        return .json(201, ["id": 1, "name": .string(name), "color": .string(color), "description": .null])
    }

    func protectedBranches(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        return Self.list(page(project.protectedBranches, world, call), call) { name in
            ["id": 1, "name": .string(name), "allow_force_push": false]
        }
    }

    // MARK: Repository

    func branches(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let repository = try await world.repository(of: project)
        var heads = try await repository.mirror.references(under: "refs/heads/").targets.sorted { $0.key < $1.key }
        if let search = call.value("search") {
            heads = heads.filter { head in
                let name = head.key.branchName ?? ""
                if search.begins(with: "^") { return name.begins(with: search.dropFirst()) }
                return search.ends(with: "$") ? name.ends(with: search.dropLast()) : name.contains(search)
            }
        }
        if let text = call.value("regex") {
            guard let regex = try? Regex(text) else { throw WorldRefusal.invalid("regex is invalid") }
            heads = heads.filter { ($0.key.branchName ?? "").firstMatch(of: regex) != nil }
        }
        let page = page(heads, world, call)
        var bodies: [RefName: JSONValue] = [:]
        for (name, head) in page.items {
            bodies[name] = try await Self.branch(name, head, in: repository, of: project, call)
        }
        return Self.list(page, call) { bodies[$0.key] ?? .null }
    }

    func branch(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let repository = try await world.repository(of: project)
        let name = call.parameter("branch")
        guard let head = try await repository.branch(name) else { throw WorldRefusal.noBranch(name) }
        return .json(200, try await Self.branch(try RefName.branch(name), head, in: repository, of: project, call))
    }

    func makeBranch(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        guard let name = call.text("branch"), let start = call.text("ref") else {
            throw Reply.json(400, ["error": "branch is missing, ref is missing"])
        }
        do {
            let head = try await world.makeBranch(name, at: start, of: project, by: try world.somebody(call))
            let repository = try await world.repository(of: project)
            return .json(201, try await Self.branch(try RefName.branch(name), head, in: repository, of: project, call))
        } catch WorldRefusal.noCommit(let text) {
            throw Self.message(400, "Invalid reference name: \(text)")
        }
    }

    func deleteBranch(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        try await world.deleteBranch(call.parameter("branch"), of: project, by: try world.somebody(call))
        return Reply(204)
    }

    func commit(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let repository = try await world.repository(of: project)
        guard let id = try await repository.commit(call.parameter("sha")) else {
            throw WorldRefusal.noCommit(call.parameter("sha"))
        }
        return .json(200, Self.commit(try await repository.mirror.commit(id), of: project, call))
    }

    func compare(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let repository = try await world.repository(of: project)
        guard let from = try await repository.commit(call.value("from") ?? ""),
            let to = try await repository.commit(call.value("to") ?? "")
        else { throw Self.message(404, "404 Ref Not Found") }
        let commits = try await repository.mirror.commits(after: from, through: to)
        return .json(
            200,
            [
                "commits": .array(commits.reversed().map { Self.commit($0, of: project, call) }), "diffs": [],
                "compare_timeout": false, "compare_same_ref": .bool(from == to),
            ])
    }

    func file(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let repository = try await world.repository(of: project)
        var path = call.parameter("path")
        let isRaw = path.ends(with: "/raw")
        if isRaw { path = String(path.dropLast("/raw".count)) }
        let reference = call.value("ref") ?? project.defaultBranch
        guard let commit = try await repository.commit(reference) else { throw WorldRefusal.noCommit(reference) }
        let file = try await repository.mirror.files(in: commit, under: [path]).first { $0.path == path }
        guard let file else { throw WorldRefusal.noFile(path) }
        if isRaw { return Reply(200, headers: [("Content-Type", "text/plain")], body: file.bytes) }
        return .json(
            200,
            [
                "file_name": .string(path.words(at: "/").last.map(String.init) ?? path),
                "file_path": .string(path), "size": .integer(file.bytes.count), "encoding": "base64",
                "content": .string(Data(file.bytes).base64EncodedString()), "ref": .string(reference),
                "blob_id": .string(file.id.hex), "commit_id": .string(commit.hex),
                "last_commit_id": .string(commit.hex),
            ])
    }

    func makeCommit(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        guard let branch = call.text("branch"), let message = call.text("commit_message"),
            let actions = call.input["actions"]?.array
        else { throw Reply.json(400, ["error": "branch is missing, commit_message is missing, actions is missing"]) }
        var files: [String: [UInt8]?] = [:]
        for action in actions {
            guard let path = action["file_path"]?.string else { throw WorldRefusal.invalid("file_path is missing") }
            let text = action["content"]?.string ?? ""
            let isCoded = action["encoding"]?.string == "base64"
            let content = isCoded ? Data(base64Encoded: text).map { [UInt8]($0) } ?? [] : Array(text.utf8)
            files[path] = action["action"]?.string == "delete" ? .some(nil) : content
        }
        let made = try await world.commit(
            files, on: branch, of: project.path, message: message,
            startingAt: call.text("start_sha") ?? call.text("start_branch"), by: try world.somebody(call).login)
        let repository = try await world.repository(of: project)
        return .json(201, Self.commit(try await repository.mirror.commit(made), of: project, call))
    }

    // MARK: Statuses

    func setStatus(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        let repository = try await world.repository(of: project)
        guard let commit = try await repository.commit(call.parameter("sha")) else {
            throw WorldRefusal.noCommit(call.parameter("sha"))
        }
        let states = ["pending", "running", "success", "failed", "canceled", "skipped"]
        guard let state = call.text("state"), states.contains(state) else {
            throw Reply.json(400, ["error": "state does not have a valid value"])
        }
        if let summary = call.text("description"), summary.count > 255 {
            throw Reply.json(400, ["message": ["description": ["is too long (maximum is 255 characters)"]]])
        }
        let name = call.text("name") ?? call.text("context") ?? "default"
        var branch = call.text("ref")
        if branch == nil {
            let heads = try await repository.mirror.references(under: "refs/heads/").targets
            for (reference, head) in heads.sorted(by: { $0.key < $1.key })
            where try await repository.mirror.isAncestor(commit, of: head) {
                branch = reference.branchName
                break
            }
        }
        guard let branch else { throw Self.message(404, "404 References for commit Not Found") }
        // lib/api/commit_statuses.rb looks for one that is pending or running, and moves that one on.
        let last = world.latestStatuses(on: commit.hex, of: project).last { $0.context == name && $0.ref == branch }
        if let last, last.state == state, state == "pending" || state == "running" {
            let event = state == "running" ? "run" : "enqueue"
            let reason = "Status cannot transition via \"\(event)\""
            throw Self.message(
                400, "Cannot transition status via :\(event) from :\(state) (Reason(s): \(reason))")
        }
        let isMoved = last.map { ["pending", "running"].contains($0.state) } ?? false
        let status = StoredStatus(
            id: isMoved ? last?.id ?? 0 : try world.nextID(), commit: commit, context: name, state: state,
            summary: call.text("description"), url: call.text("target_url"), ref: branch,
            author: try world.somebody(call).id, created: world.now())
        try world.append(status, in: project)
        return .json(201, Self.status(status, world.account(status.author), call))
    }

    func statuses(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        guard let commit = try await world.repository(of: project).commit(call.parameter("sha")) else {
            throw WorldRefusal.noCommit(call.parameter("sha"))
        }
        var all = world.latestStatuses(on: commit.hex, of: project)
        if let name = call.value("name") { all = all.filter { $0.context == name } }
        if let branch = call.value("ref") { all = all.filter { $0.ref == branch } }
        return Self.list(page(all, world, call), call) { Self.status($0, world.account($0.author), call) }
    }
}
