import DesiredState
import Diagnostics

/// Every pull request is an issue: they share numbers, comments and labels.
extension GitHubWire {
    func listIssues(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let state = call.value("state") ?? "open"
        var bodies: [(number: Int, isOpen: Bool, author: Int, labels: [String], body: JSONValue)] = []
        for issue in (world.issues[project.id] ?? [:]).values {
            bodies.append(
                (
                    issue.number, issue.isOpen, issue.author, issue.labels,
                    Self.issue(issue, world.account(issue.author), of: project, call)
                ))
        }
        for candidate in world.candidates(of: project) {
            bodies.append(
                (
                    candidate.number, candidate.state == .open, candidate.author, candidate.labels,
                    Self.issue(candidate, world.account(candidate.author), of: project, call)
                ))
        }
        if state != "all" { bodies = bodies.filter { $0.isOpen == (state == "open") } }
        if let creator = call.value("creator") {
            bodies = bodies.filter { Self.login(of: world.account($0.author)) == creator }
        }
        let wanted = (call.value("labels") ?? "").words(at: ",").map(String.init)
        bodies = bodies.filter { Set(wanted).isSubset(of: $0.labels) }
        bodies.sort { (call.value("direction") ?? "desc") == "desc" ? $0.number > $1.number : $0.number < $1.number }
        return Self.list(page(bodies, world, call), call, \.body)
    }

    func openIssue(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let author = try world.somebody(call)
        guard let title = call.text("title") else {
            throw Self.invalid(["resource": "Issue", "field": "title", "code": "missing_field"])
        }
        let issue = try world.openIssue(
            in: project, title: title, body: call.text("body") ?? "", labels: call.list("labels") ?? [], by: author)
        return .json(201, Self.issue(issue, author, of: project, call))
    }

    private func number(_ call: Call) -> Int { Int(call.parameter("number")) ?? 0 }

    private func body(
        _ world: isolated ForgeWorld, _ number: Int, in project: StoredProject, _ call: Call
    ) throws -> JSONValue {
        if let candidate = try? world.candidate(number, of: project) {
            return Self.issue(candidate, world.account(candidate.author), of: project, call)
        }
        let issue = try world.issue(number, of: project)
        return Self.issue(issue, world.account(issue.author), of: project, call)
    }

    func readIssue(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        return .json(200, try body(world, number(call), in: project, call))
    }

    func editIssue(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        let number = number(call)
        let account = try world.somebody(call)
        if (try? world.candidate(number, of: project)) != nil {
            try world.edit(number, of: project, by: account) { candidate in
                if let title = call.text("title") { candidate.title = title }
                if let body = call.text("body") { candidate.body = body }
                if let labels = call.list("labels") { candidate.labels = labels }
                if call.text("state") == "closed", candidate.state == .open { candidate.state = .closed }
                if call.text("state") == "open", candidate.state == .closed { candidate.state = .open }
            }
        } else {
            try world.edit(issue: number, of: project) { issue in
                if let title = call.text("title") { issue.title = title }
                if let body = call.text("body") { issue.body = body }
                if let labels = call.list("labels") { issue.labels = labels }
                if let state = call.text("state") { issue.isOpen = state == "open" }
            }
        }
        return .json(200, try body(world, number, in: project, call))
    }

    // MARK: Comments

    func comments(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let number = number(call)
        let all =
            try (try? world.candidate(number, of: project))?.comments ?? world.issue(number, of: project).comments
        return Self.list(page(all, world, call), call) {
            Self.comment($0, world.account($0.author), on: number, of: project, call)
        }
    }

    func addComment(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let author = try world.somebody(call)
        let number = number(call)
        guard let text = call.text("body"), !text.isEmpty else {
            throw Self.invalid(["resource": "IssueComment", "field": "body", "code": "missing_field"])
        }
        let isPull = (try? world.candidate(number, of: project)) != nil
        let comment =
            isPull
            ? try world.comment(text, on: number, of: project, by: author)
            : try world.comment(text, onIssue: number, of: project, by: author)
        return .json(201, Self.comment(comment, author, on: number, of: project, call))
    }

    func comment(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let id = Int(call.parameter("comment")) ?? 0
        if let (candidate, comment) = try? world.comment(id, of: project) {
            return .json(
                200, Self.comment(comment, world.account(comment.author), on: candidate.number, of: project, call))
        }
        let (issue, comment) = try world.issueComment(id, of: project)
        return .json(200, Self.comment(comment, world.account(comment.author), on: issue.number, of: project, call))
    }

    func editComment(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let account = try world.somebody(call)
        let id = Int(call.parameter("comment")) ?? 0
        let text = call.text("body") ?? ""
        if let (candidate, comment) = try? world.comment(id, of: project) {
            guard comment.author == account.id || world.level(of: account, token: call.token, in: project) >= .write
            else { throw WorldRefusal.forbidden(project.path) }
            let new = try world.rewrite(id, of: project, as: text, by: account)
            return .json(200, Self.comment(new, world.account(new.author), on: candidate.number, of: project, call))
        }
        let (issue, _) = try world.issueComment(id, of: project)
        let new = try world.rewrite(issueComment: id, of: project, as: text)
        return .json(200, Self.comment(new, world.account(new.author), on: issue.number, of: project, call))
    }

    // MARK: Labels

    func labels(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let number = number(call)
        let all = try (try? world.candidate(number, of: project))?.labels ?? world.issue(number, of: project).labels
        return Self.list(page(all, world, call), call, Self.label)
    }

    func addLabels(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let given = Self.givenLabels(call)
        return try await changeLabels(world, call) { labels in labels + given.filter { !labels.contains($0) } }
    }

    func setLabels(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let given = Self.givenLabels(call)
        return try await changeLabels(world, call) { _ in given }
    }

    func removeLabel(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let gone = call.parameter("label")
        let project = try find(world, call)
        let number = number(call)
        let all = try (try? world.candidate(number, of: project))?.labels ?? world.issue(number, of: project).labels
        guard all.contains(gone) else { throw Self.message(404, "Label does not exist") }
        return try await changeLabels(world, call) { labels in labels.filter { $0 != gone } }
    }

    /// `{"labels":["a"]}`, or the list alone.
    static func givenLabels(_ call: Call) -> [String] {
        if let list = call.list("labels") { return list }
        return (try? JSONValue(parsing: String(decoding: call.body, as: UTF8.self)))?.array?.compactMap(\.string) ?? []
    }

    private func changeLabels(
        _ world: isolated ForgeWorld, _ call: Call, _ change: ([String]) -> [String]
    ) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        let number = number(call)
        let account = try world.somebody(call)
        let labels: [String]
        if (try? world.candidate(number, of: project)) != nil {
            labels = try world.edit(number, of: project, by: account) { $0.labels = change($0.labels) }.labels
        } else {
            labels = try world.edit(issue: number, of: project) { $0.labels = change($0.labels) }.labels
        }
        return .json(200, .array(labels.map(Self.label)))
    }
}
