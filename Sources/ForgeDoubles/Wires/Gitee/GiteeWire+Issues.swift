import DesiredState
import Diagnostics

/// Issues go by words such as `I4CD5P`. They are made and changed below their owner, with the repository in the body.
extension GiteeWire {
    private func issue(
        _ world: isolated ForgeWorld, _ call: Call, in project: StoredProject
    ) throws(WorldRefusal) -> StoredIssue {
        let word = call.parameter("word")
        guard let issue = (world.issues[project.id] ?? [:]).values.first(where: { $0.word == word }) else {
            throw .noIssue(word)
        }
        return issue
    }

    /// The repository that the body names.
    private func named(
        _ world: isolated ForgeWorld, _ call: Call, atLeast level: AccessLevel
    ) throws -> StoredProject {
        guard let repository = call.text("repo") else { throw Self.message(400, "repo is missing") }
        return try world.project("\(call.parameter("owner"))/\(repository)", call, atLeast: level)
    }

    func listIssues(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        var all = (world.issues[project.id] ?? [:]).values.sorted { $0.number < $1.number }
        switch call.value("state") ?? "open" {
        case "open": all = all.filter(\.isOpen)
        case "closed", "rejected": all = all.filter { !$0.isOpen }
        case "progressing": all = []
        default: break
        }
        if let creator = call.value("creator") { all = all.filter { world.account($0.author).login == creator } }
        if let text = call.value("q")?.lowercased() {
            all = all.filter { $0.title.lowercased().contains(text) || $0.body.lowercased().contains(text) }
        }
        let wanted = (call.value("labels") ?? "").words(at: ",").map(String.init)
        all = all.filter { Set(wanted).isSubset(of: $0.labels) }
        if call.value("direction") != "asc" { all.reverse() }
        return Self.list(page(all, world, call), call) { Self.issue($0, world.account($0.author), of: project, call) }
    }

    func openIssue(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try named(world, call, atLeast: .read)
        let author = try world.somebody(call)
        guard let title = call.text("title") else { throw Self.message(400, "title is missing") }
        let issue = try world.openIssue(
            in: project, title: title, body: call.text("body") ?? "", labels: call.list("labels") ?? [], by: author)
        return .json(201, Self.issue(issue, author, of: project, call))
    }

    func editIssue(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try named(world, call, atLeast: .report)
        let old = try issue(world, call, in: project)
        let new = try world.edit(issue: old.number, of: project) { issue in
            if let title = call.text("title") { issue.title = title }
            if let body = call.text("body") { issue.body = body }
            if let labels = call.list("labels") { issue.labels = labels }
            if let state = call.text("state") { issue.isOpen = ["open", "progressing"].contains(state) }
        }
        return .json(200, Self.issue(new, world.account(new.author), of: project, call))
    }

    func readIssue(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let issue = try issue(world, call, in: project)
        return .json(200, Self.issue(issue, world.account(issue.author), of: project, call))
    }

    func issueComments(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let issue = try issue(world, call, in: project)
        return Self.list(page(issue.comments, world, call), call) { Self.comment($0, world.account($0.author), call) }
    }

    func addIssueComment(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let issue = try issue(world, call, in: project)
        let author = try world.somebody(call)
        let comment = try world.comment(call.text("body") ?? "", onIssue: issue.number, of: project, by: author)
        return .json(201, Self.comment(comment, author, call))
    }

    func issueComment(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let (_, comment) = try world.issueComment(Int(call.parameter("comment")) ?? 0, of: project)
        return .json(200, Self.comment(comment, world.account(comment.author), call))
    }

    func editIssueComment(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let comment = try world.rewrite(
            issueComment: Int(call.parameter("comment")) ?? 0, of: project, as: call.text("body") ?? "")
        return .json(200, Self.comment(comment, world.account(comment.author), call))
    }
}
