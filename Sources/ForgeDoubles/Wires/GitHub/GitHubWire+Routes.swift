import DesiredState
import Diagnostics
import Foundation
import GitClient

extension GitHubWire {
    var routes: [DoubleRoute] {
        let repository = "/repos/{owner}/{repo}"
        return [
            .get("/user", ownUser),
            .get("/meta") { _, _ in .json(200, ["installed_version": "3.14.0"]) },
            .get("/app", app),
            .post("/graphql", viewer),
            .get(repository, project),
            .get("\(repository)/pulls", list),
            .post("\(repository)/pulls", open),
            .get("\(repository)/pulls/{number}", read),
            .patch("\(repository)/pulls/{number}", update),
            .get("\(repository)/pulls/{number}/merge", isMerged),
            .put("\(repository)/pulls/{number}/merge", merge),
            .post("\(repository)/pulls/{number}/requested_reviewers", requestReview),
            .get("\(repository)/pulls/{number}/files", files),
            .get("\(repository)/pulls/{number}/commits", commits),
            .get("\(repository)/issues", listIssues),
            .post("\(repository)/issues", openIssue),
            .get("\(repository)/issues/comments/{comment}", comment),
            .patch("\(repository)/issues/comments/{comment}", editComment),
            .get("\(repository)/issues/{number}", readIssue),
            .patch("\(repository)/issues/{number}", editIssue),
            .get("\(repository)/issues/{number}/comments", comments),
            .post("\(repository)/issues/{number}/comments", addComment),
            .get("\(repository)/issues/{number}/labels", labels),
            .post("\(repository)/issues/{number}/labels", addLabels),
            .put("\(repository)/issues/{number}/labels", setLabels),
            .delete("\(repository)/issues/{number}/labels/{label}", removeLabel),
            .post("\(repository)/statuses/{sha}", setStatus),
            .get("\(repository)/commits/{sha}", commit),
            .get("\(repository)/commits/{sha}/status", combinedStatus),
            .get("\(repository)/commits/{sha}/statuses", statuses),
            .get("\(repository)/commits/{sha}/check-runs", checkRuns),
            .post("\(repository)/check-runs", makeCheckRun),
            .patch("\(repository)/check-runs/{run}", editCheckRun),
            .get("\(repository)/branches", branches),
            .get("\(repository)/branches/{branch}/protection", protection),
            .get("\(repository)/branches/{branch*}", branch),
            .get("\(repository)/git/ref/heads/{branch*}", reference),
            .get("\(repository)/git/matching-refs/heads", references),
            .get("\(repository)/git/matching-refs/heads/{prefix*}", references),
            .post("\(repository)/git/refs", makeReference),
            .delete("\(repository)/git/refs/heads/{branch*}", deleteReference),
            .get("\(repository)/contents/{path*}", content),
        ]
    }

    /// An installation of an App is nobody: it cannot ask who it is.
    func ownUser(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let account = try world.somebody(call)
        guard !account.isApp else { throw Self.message(403, "Resource not accessible by integration") }
        return .json(200, Self.user(account, call))
    }

    func app(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        throw Self.message(401, "A JSON web token could not be decoded")
    }

    /// Of the other interface only what an installation of an App needs: who it is. The name of its bot is
    /// `<app>[bot]`.
    func viewer(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let account = try world.somebody(call)
        guard call.text("query")?.contains("viewer") ?? false else {
            return .json(200, ["errors": [["message": "Something went wrong"]]])
        }
        return .json(
            200,
            ["data": ["viewer": ["login": .string(Self.login(of: account)), "databaseId": .integer(account.id)]]])
    }

    func project(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let level = world.level(of: call.account, token: call.token, in: project)
        guard case .object(var members) = Self.repository(project, call) else { return Reply(500) }
        members["permissions"] = [
            "admin": .bool(level >= .maintain), "push": .bool(level >= .write), "pull": .bool(level >= .read),
            "triage": .bool(level >= .report), "maintain": .bool(level >= .maintain),
        ]
        members["allow_merge_commit"] = .bool(!project.refusesMergeCommits)
        return .json(200, .object(members))
    }

    // MARK: Branches

    func branches(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let mirror = try await world.repository(of: project).mirror
        let heads = try await mirror.references(under: "refs/heads/").targets.sorted { $0.key < $1.key }
        return Self.list(page(heads, world, call), call) { head in
            let name = head.key.branchName ?? ""
            return [
                "name": .string(name), "commit": ["sha": .string(head.value.hex), "url": ""],
                "protected": .bool(project.protectedBranches.contains(name)),
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
                "name": .string(name), "protected": .bool(project.protectedBranches.contains(name)),
                "commit": Self.commit(try await repository.mirror.commit(head), of: project, call),
            ])
    }

    func protection(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .maintain)
        guard project.protectedBranches.contains(call.parameter("branch")) else {
            throw Self.message(404, "Branch not protected")
        }
        return .json(
            200,
            [
                "required_status_checks": .null, "enforce_admins": ["enabled": false],
                "required_pull_request_reviews": .null,
            ])
    }

    private static func reference(_ name: String, _ head: ObjectID) -> JSONValue {
        ["ref": .string("refs/heads/\(name)"), "object": ["type": "commit", "sha": .string(head.hex), "url": ""]]
    }

    func reference(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let name = call.parameter("branch")
        guard let head = try await world.repository(of: project).branch(name) else {
            throw Self.message(404, "Not Found")
        }
        return .json(200, Self.reference(name, head))
    }

    func references(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call)
        let mirror = try await world.repository(of: project).mirror
        let heads = try await mirror.references(under: "refs/heads/\(call.parameter("prefix"))").targets
        return Self.list(page(heads.sorted { $0.key < $1.key }, world, call), call) {
            Self.reference($0.key.branchName ?? "", $0.value)
        }
    }

    func makeReference(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        guard let name = call.text("ref"), name.begins(with: "refs/heads/"), let sha = call.text("sha") else {
            throw Self.message(422, "Reference name must start with 'refs/' and contain at least two slashes.")
        }
        let branch = String(name.dropFirst("refs/heads/".count))
        guard ObjectID(exactly: sha) != nil else {
            throw Self.message(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
        }
        do {
            let head = try await world.makeBranch(branch, at: sha, of: project, by: try world.somebody(call))
            return .json(201, Self.reference(branch, head))
        } catch WorldRefusal.noCommit {
            throw Self.message(422, "Object does not exist")
        }
    }

    func deleteReference(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try find(world, call, atLeast: .write)
        do {
            try await world.deleteBranch(call.parameter("branch"), of: project, by: try world.somebody(call))
            return Reply(204)
        } catch WorldRefusal.noBranch {
            throw Self.message(422, "Reference does not exist")
        }
    }

    // MARK: Content

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
        guard let commit = try await repository.commit(reference) else {
            throw Self.message(404, "No commit found for the ref \(reference)")
        }
        let file = try await repository.mirror.files(in: commit, under: [path]).first { $0.path == path }
        guard let file else { throw WorldRefusal.noFile(path) }
        return .json(
            200,
            [
                "type": "file", "encoding": "base64", "size": .integer(file.bytes.count),
                "name": .string(path.words(at: "/").last.map(String.init) ?? path), "path": .string(path),
                "sha": .string(file.id.hex),
                // In lines of 60 characters, as GitHub sends it.
                "content": .string(Data(file.bytes).base64EncodedString(options: .lineLength64Characters) + "\n"),
            ])
    }
}
