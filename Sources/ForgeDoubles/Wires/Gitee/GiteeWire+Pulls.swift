import DesiredState
import Diagnostics
import GitClient

extension GiteeWire {
    func list(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        var all = world.candidates(of: project)
        switch call.value("state") ?? "open" {
        case "open": all = all.filter { $0.state == .open }
        case "closed": all = all.filter { $0.state == .closed }
        case "merged": all = all.filter { $0.state == .merged }
        default: break
        }
        if let base = call.value("base") { all = all.filter { $0.targetBranch == base } }
        if let head = call.value("head") {
            let source = head.words(at: ":", maxSplits: 1).last.map(String.init) ?? head
            all = all.filter { $0.sourceBranch == source }
        }
        if call.value("direction") != "asc" { all.reverse() }
        let page = page(all, world, call)
        var bodies: [Int: JSONValue] = [:]
        for candidate in page.items {
            bodies[candidate.number] = try await body(world, of: candidate, in: project, call)
        }
        return Self.list(page, call) { bodies[$0.number] ?? .null }
    }

    func read(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        return .json(200, try await body(world, of: candidate, in: project, call))
    }

    func open(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        guard let title = call.text("title"), let head = call.text("head"), let base = call.text("base") else {
            throw Self.message(400, "title is missing, head is missing, base is missing")
        }
        let source = head.words(at: ":", maxSplits: 1).last.map(String.init) ?? head
        let candidate = try await world.open(
            in: project, from: source, into: base, title: title, body: call.text("body") ?? "",
            labels: call.list("labels") ?? [], isDraft: call.flag("draft") ?? false, by: try world.somebody(call))
        return .json(201, try await body(world, of: candidate, in: project, call))
    }

    func update(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        let old = try candidate(world, call, in: project)
        let new = try world.edit(old.number, of: project, by: try world.somebody(call)) { candidate in
            if let title = call.text("title") { candidate.title = title }
            if let body = call.text("body") { candidate.body = body }
            if let labels = call.list("labels") { candidate.labels = labels }
            if call.text("state") == "closed", candidate.state == .open { candidate.state = .closed }
            if call.text("state") == "open", candidate.state == .closed { candidate.state = .open }
        }
        return .json(200, try await body(world, of: new, in: project, call))
    }

    /// Who is to review it: names, separated by commas.
    func assign(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        var candidate = try candidate(world, call, in: project)
        for login in call.list("assignees") ?? [] {
            guard let account = world.account(called: login) else { throw Self.message(400, "审查者不存在") }
            candidate = try world.ask(account, toReview: candidate.number, of: project, by: try world.somebody(call))
        }
        return .json(201, try await body(world, of: candidate, in: project, call))
    }

    func isMerged(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        return candidate.state == .merged
            ? .json(200, ["message": "Pull Request 已经合并"]) : Self.message(404, "Pull Request 未合并")
    }

    /// Gitee takes no expected head: who asks has to look just before.
    func merge(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        let candidate = try candidate(world, call, in: project)
        let merged = try await world.merge(
            candidate.number, of: project, expecting: nil, by: try world.somebody(call),
            method: call.text("merge_method") == "squash" ? .squash : .merge,
            message: call.text("title").map { "\($0)\n\n\(call.text("description") ?? "")" },
            deletingSource: call.flag("prune_source_branch") ?? false)
        return .json(200, ["sha": .string(merged.hex), "merged": true, "message": "Pull Request 已成功合并"])
    }

    func files(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        // The whole list at once, without pages.
        return .json(200, .array(try await world.changes(of: candidate, in: project).map { Self.file($0, candidate) }))
    }

    func commits(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        let mirror = try await world.repository(of: project).mirror
        guard let head = candidate.head else { return Reply(404) }
        let all = try await mirror.commits(after: candidate.revisions.last?.base, through: head)
        return .json(200, .array(all.map { Self.commit($0, of: project, call) }))
    }

    // MARK: Comments

    func comments(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        return Self.list(page(candidate.comments, world, call), call) {
            Self.comment($0, world.account($0.author), onPull: candidate.number, of: project, call)
        }
    }

    func addComment(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        let author = try world.somebody(call)
        guard let text = call.text("body"), !text.isEmpty else { throw Self.message(400, "body is missing") }
        let comment = try world.comment(text, on: candidate.number, of: project, by: author)
        return .json(201, Self.comment(comment, author, onPull: candidate.number, of: project, call))
    }

    func comment(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let (candidate, comment) = try world.comment(Int(call.parameter("comment")) ?? 0, of: project)
        return .json(
            200, Self.comment(comment, world.account(comment.author), onPull: candidate.number, of: project, call))
    }

    func editComment(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let account = try world.somebody(call)
        let (candidate, comment) = try world.comment(Int(call.parameter("comment")) ?? 0, of: project)
        guard comment.author == account.id else { throw WorldRefusal.forbidden(project.path) }
        let new = try world.rewrite(comment.id, of: project, as: call.text("body") ?? "", by: account)
        return .json(200, Self.comment(new, account, onPull: candidate.number, of: project, call))
    }

    // MARK: Labels

    func labels(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        return Self.list(page(candidate.labels, world, call), call) { Self.label($0, of: project) }
    }

    /// The body is the list alone; a label that the project does not have is made.
    func addLabels(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let given = GitHubWire.givenLabels(call)
        return try changeLabels(world, call, 201) { labels in labels + given.filter { !labels.contains($0) } }
    }

    func setLabels(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let given = GitHubWire.givenLabels(call)
        return try changeLabels(world, call, 200) { _ in given }
    }

    /// Of several, separated by commas.
    func removeLabel(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let gone = call.parameter("label").words(at: ",").map(String.init)
        let project = try find(world, call)
        let candidate = try candidate(world, call, in: project)
        guard candidate.labels.contains(where: gone.contains) else { throw Self.message(404, "404 Label Not Found") }
        _ = try changeLabels(world, call, 200) { labels in labels.filter { !gone.contains($0) } }
        return Reply(204)
    }

    private func changeLabels(
        _ world: isolated ForgeWorld, _ call: Call, _ status: Int, _ change: ([String]) -> [String]
    ) throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        let old = try candidate(world, call, in: project)
        let new = try world.edit(old.number, of: project, by: try world.somebody(call)) {
            $0.labels = change($0.labels)
        }
        return .json(status, .array(new.labels.map { Self.label($0, of: project) }))
    }
}
