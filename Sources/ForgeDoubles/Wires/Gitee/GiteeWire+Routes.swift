import DesiredState
import Diagnostics
import Foundation
import GitClient

extension GiteeWire {
    var routes: [DoubleRoute] {
        let repository = "/repos/{owner}/{repo}"
        return [
            .get("/user", ownUser),
            .get(repository, project),
            .get("\(repository)/pulls", list),
            .post("\(repository)/pulls", open),
            .get("\(repository)/pulls/comments/{comment}", comment),
            .patch("\(repository)/pulls/comments/{comment}", editComment),
            .get("\(repository)/pulls/{number}", read),
            .patch("\(repository)/pulls/{number}", update),
            .get("\(repository)/pulls/{number}/merge", isMerged),
            .put("\(repository)/pulls/{number}/merge", merge),
            .post("\(repository)/pulls/{number}/assignees", assign),
            .get("\(repository)/pulls/{number}/files", files),
            .get("\(repository)/pulls/{number}/commits", commits),
            .get("\(repository)/pulls/{number}/comments", comments),
            .post("\(repository)/pulls/{number}/comments", addComment),
            .get("\(repository)/pulls/{number}/labels", labels),
            .post("\(repository)/pulls/{number}/labels", addLabels),
            .put("\(repository)/pulls/{number}/labels", setLabels),
            .delete("\(repository)/pulls/{number}/labels/{label}", removeLabel),
            .get("\(repository)/labels", projectLabels),
            .post("\(repository)/labels", makeLabel),
            .get("\(repository)/branches", branches),
            .post("\(repository)/branches", makeBranch),
            .get("\(repository)/branches/{branch*}", branch),
            .delete("\(repository)/branches/{branch*}", deleteBranch),
            .get("\(repository)/commits/{sha}", commit),
            .get("\(repository)/contents/{path*}", content),
            .get("\(repository)/issues", listIssues),
            .get("\(repository)/issues/comments/{comment}", issueComment),
            .patch("\(repository)/issues/comments/{comment}", editIssueComment),
            .get("\(repository)/issues/{word}", readIssue),
            .get("\(repository)/issues/{word}/comments", issueComments),
            .post("\(repository)/issues/{word}/comments", addIssueComment),
            .post("/repos/{owner}/issues", openIssue),
            .patch("/repos/{owner}/issues/{word}", editIssue),
        ]
    }

    func ownUser(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        .json(200, Self.user(try world.somebody(call), call))
    }

    func project(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let level = world.level(of: call.account, token: call.token, in: project)
        guard case .object(var members) = Self.repository(project, call) else { return Reply(500) }
        members["permission"] = [
            "admin": .bool(level >= .maintain), "push": .bool(level >= .write), "pull": .bool(level >= .read),
        ]
        return .json(200, .object(members))
    }

    func branches(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let mirror = try await world.repository(of: project).mirror
        let heads = try await mirror.references(under: "refs/heads/").targets.sorted { $0.key < $1.key }
        return Self.list(page(heads, world, call), call) { head in
            let name = head.key.branchName ?? ""
            return [
                "name": .string(name), "commit": ["sha": .string(head.value.hex), "url": ""],
                "protected": .bool(project.protectedBranches.contains(name)), "protection_url": "",
            ]
        }
    }

    func branch(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let repository = try await world.repository(of: project)
        let name = call.parameter("branch")
        guard let head = try await repository.branch(name) else { throw WorldRefusal.noBranch(name) }
        return .json(
            200,
            [
                "name": .string(name),
                "commit": Self.commit(try await repository.mirror.commit(head), of: project, call),
                "protected": .bool(project.protectedBranches.contains(name)), "protection_url": "",
            ])
    }

    func makeBranch(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        guard let name = call.text("branch_name"), let start = call.text("refs") else {
            throw Self.message(400, "branch_name is missing, refs is missing")
        }
        let head = try await world.makeBranch(name, at: start, of: project, by: try world.somebody(call))
        let commit = try await world.repository(of: project).mirror.commit(head)
        return .json(
            201,
            [
                "name": .string(name), "commit": Self.commit(commit, of: project, call), "protected": false,
                "protection_url": "",
            ])
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

    func content(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let repository = try await world.repository(of: project)
        let path = call.parameter("path")
        let reference = call.value("ref") ?? project.defaultBranch
        guard let commit = try await repository.commit(reference) else { throw WorldRefusal.noCommit(reference) }
        let file = try await repository.mirror.files(in: commit, under: [path]).first { $0.path == path }
        // A path that is not there is an empty list, with status 200.
        guard let file else { return .json(200, []) }
        return .json(
            200,
            [
                "type": "file", "encoding": "base64", "size": .integer(file.bytes.count), "path": .string(path),
                "name": .string(path.words(at: "/").last.map(String.init) ?? path), "sha": .string(file.id.hex),
                "content": .string(Data(file.bytes).base64EncodedString()),
            ])
    }

    // MARK: Labels of the project

    func projectLabels(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        // The whole list at once, without pages.
        return .json(200, .array(project.labels.keys.sorted().map { Self.label($0, of: project) }))
    }

    func makeLabel(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        var project = try find(world, call, atLeast: .write)
        guard let name = call.text("name"), let color = call.text("color") else {
            throw Self.message(400, "name is missing, color is missing")
        }
        guard project.labels[name] == nil else { throw Self.message(400, "标签名已存在") }
        project.labels[name] = color
        try world.put(project)
        return .json(201, Self.label(name, of: project))
    }
}
