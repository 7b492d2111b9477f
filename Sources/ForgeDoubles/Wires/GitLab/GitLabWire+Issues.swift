import DesiredState
import Diagnostics

extension GitLabWire {
    func listIssues(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        var all = (world.issues[project.id] ?? [:]).values.sorted { $0.number < $1.number }
        switch call.value("state") {
        case "opened": all = all.filter(\.isOpen)
        case "closed": all = all.filter { !$0.isOpen }
        default: break
        }
        if let search = call.value("search")?.lowercased() {
            let fields = call.value("in") ?? "title,description"
            all = all.filter {
                fields.contains("title") && $0.title.lowercased().contains(search)
                    || fields.contains("description") && $0.body.lowercased().contains(search)
            }
        }
        if let author = call.value("author_id").flatMap({ Int($0) }) { all = all.filter { $0.author == author } }
        let wanted = (call.value("labels") ?? "").words(at: ",").map(String.init)
        if !wanted.isEmpty { all = all.filter { Set(wanted).isSubset(of: $0.labels) } }
        if call.value("sort") != "asc" { all.reverse() }
        return Self.list(page(all, world, call), call) { Self.issue($0, world.account($0.author), of: project, call) }
    }

    private func issue(
        _ world: isolated ForgeWorld, _ call: Call, in project: StoredProject
    ) throws(WorldRefusal) -> StoredIssue {
        try world.issue(Int(call.parameter("iid")) ?? 0, of: project)
    }

    func openIssue(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        let author = try world.somebody(call)
        guard let title = call.text("title") else { throw Reply.json(400, ["error": "title is missing"]) }
        let issue = try world.openIssue(
            in: project, title: title, body: call.text("description") ?? "", labels: call.list("labels") ?? [],
            by: author)
        return .json(201, Self.issue(issue, author, of: project, call))
    }

    func readIssue(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let issue = try issue(world, call, in: project)
        return .json(200, Self.issue(issue, world.account(issue.author), of: project, call))
    }

    func editIssue(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        let old = try issue(world, call, in: project)
        let new = try world.edit(issue: old.number, of: project) { issue in
            if let title = call.text("title") { issue.title = title }
            if let body = call.text("description") { issue.body = body }
            if let labels = call.list("labels") { issue.labels = labels }
            if call.text("state_event") == "close" { issue.isOpen = false }
            if call.text("state_event") == "reopen" { issue.isOpen = true }
        }
        return .json(200, Self.issue(new, world.account(new.author), of: project, call))
    }

    func issueNotes(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let issue = try issue(world, call, in: project)
        let all = call.value("sort") == "asc" ? issue.comments : issue.comments.reversed()
        return Self.list(page(all, world, call), call) { Self.note($0, world.account($0.author), on: nil, call) }
    }

    func addIssueNote(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        let issue = try issue(world, call, in: project)
        let author = try world.somebody(call)
        let comment = try world.comment(call.text("body") ?? "", onIssue: issue.number, of: project, by: author)
        return .json(201, Self.note(comment, author, on: nil, call))
    }

    func editIssueNote(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .report)
        let comment = try world.rewrite(
            issueComment: Int(call.parameter("note")) ?? 0, of: project, as: call.text("body") ?? "")
        return .json(200, Self.note(comment, world.account(comment.author), on: nil, call))
    }
}
