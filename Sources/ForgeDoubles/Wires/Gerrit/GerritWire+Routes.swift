import DesiredState
import Diagnostics
import Foundation
import GitClient

extension GerritWire {
    var routes: [DoubleRoute] {
        [
            .get("/config/server/version") { _, _ in Self.json(200, "3.9.1") },
            .get("/tools/hooks/commit-msg") { _, _ in .text(200, CommitMessageHook.text) },
            .get("/accounts/self", ownAccount),
            .get("/accounts/self/detail", ownAccount),
            .get("/projects/{project}", project),
            .get("/projects/{project}/HEAD", projectHead),
            .get("/projects/{project}/labels", labels),
            .get("/projects/{project}/labels/{label}", label),
            .get("/projects/{project}/submit_requirements", submitRequirements),
            .get("/projects/{project}/branches", branches),
            .get("/projects/{project}/branches/{branch}", branch),
            .put("/projects/{project}/branches/{branch}", makeBranch),
            .delete("/projects/{project}/branches/{branch}", deleteBranch),
            .get("/projects/{project}/branches/{branch}/files/{path}/content", branchFile),
            .get("/projects/{project}/commits/{commit}/files/{path}/content", commitFile),
            .get("/changes", query),
            .post("/changes", create),
            .post("/changes/{id}/hashtags", setHashtags),
            .post("/changes/{id}/reviewers", addReviewer),
            .get("/changes/{id}", changeInfo),
            .get("/changes/{id}/detail", changeDetail),
            .get("/changes/{id}/messages", messages),
            .get("/changes/{id}/revisions/{revision}/files", files),
            .get("/changes/{id}/revisions/{revision}/mergeable", mergeable),
            .get("/changes/{id}/revisions/{revision}/commit", commit),
            .get("/changes/{id}/revisions/{revision}/files/{path}/content", revisionFile),
            .post("/changes/{id}/revisions/{revision}/review", review),
            .post("/changes/{id}/revisions/{revision}/submit", submitRevision),
            .post("/changes/{id}/submit", submit),
            .post("/changes/{id}/abandon", abandon),
            .post("/changes/{id}/restore", restore),
            .put("/changes/{id}/topic", setTopic),
        ]
    }

    func ownAccount(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        Self.json(200, Self.account(try world.somebody(call), isDetailed: true))
    }

    func project(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .read)
        return Self.json(
            200, ["id": .string(project.path.queryEscaped), "name": .string(project.path), "state": "ACTIVE"])
    }

    func projectHead(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .read)
        return Self.json(200, .string("refs/heads/\(project.defaultBranch)"))
    }

    func labels(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .read)
        // All are defined in All-Projects, as they are at a server that was just set up.
        guard call.value("inherited") != nil else { return Self.json(200, []) }
        return Self.json(200, .array(["Code-Review", "Verified"].map { Self.definition(of: $0, for: project) }))
    }

    func submitRequirements(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .read)
        return Self.json(
            200,
            .array(
                (project.submitRequirements ?? []).map {
                    ["name": "Verified", "submittability_expression": .string($0)]
                }))
    }

    func label(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        _ = try world.project(call.parameter("project"), call, atLeast: .read)
        // A label of a parent is not found in the project.
        throw WorldRefusal.noFile(call.parameter("label"))
    }

    // MARK: Branches

    /// The list begins with HEAD and Gerrit's own configuration, as Gerrit's does.
    func branches(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .read)
        let repository = try await world.repository(of: project)
        let heads = try await repository.mirror.references(under: "refs/heads/").targets
        var all: [JSONValue] = [
            ["ref": "HEAD", "revision": .string(project.defaultBranch)],
            ["ref": "refs/meta/config", "revision": .string(String(repeating: "1", count: 40))],
        ]
        for (name, commit) in heads.sorted(by: { $0.key < $1.key }) {
            all.append(["ref": .string(name.rawValue), "revision": .string(commit.hex)])
        }
        if let part = call.value("m") { all = all.filter { $0["ref"]?.string?.contains(part) ?? false } }
        let start = call.value("S").flatMap { Int($0) } ?? 0
        let limit = call.value("n").flatMap { Int($0) } ?? Int.max
        return Self.json(200, .array(Array(all.dropFirst(start).prefix(limit))))
    }

    func branch(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .read)
        let name = Self.branchName(call.parameter("branch"))
        guard let head = try await world.repository(of: project).branch(name) else {
            throw WorldRefusal.noBranch(call.parameter("branch"))
        }
        return Self.json(200, ["ref": .string("refs/heads/\(name)"), "revision": .string(head.hex)])
    }

    func makeBranch(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .write)
        let name = Self.branchName(call.parameter("branch"))
        let start = call.text("revision") ?? project.defaultBranch
        do {
            let head = try await world.makeBranch(
                name, at: Self.branchName(start), of: project, by: try world.somebody(call))
            return Self.json(
                201, ["ref": .string("refs/heads/\(name)"), "revision": .string(head.hex), "can_delete": true])
        } catch WorldRefusal.noCommit(let text) {
            // CreateBranch: what is no revision is an unprocessable entity.
            throw Reply.text(422, "invalid revision \"\(text)\"")
        }
    }

    func deleteBranch(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .write)
        try await world.deleteBranch(
            Self.branchName(call.parameter("branch")), of: project, by: try world.somebody(call))
        return Reply(204)
    }

    static func branchName(_ text: String) -> String {
        text.begins(with: "refs/heads/") ? String(text.dropFirst("refs/heads/".count)) : text
    }

    // MARK: Content

    func branchFile(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .read)
        let name = Self.branchName(call.parameter("branch"))
        guard let head = try await world.repository(of: project).branch(name) else {
            throw WorldRefusal.noBranch(name)
        }
        return try await content(world, call.parameter("path"), at: head, of: project)
    }

    func commitFile(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let project = try world.project(call.parameter("project"), call, atLeast: .read)
        guard let commit = try await world.repository(of: project).commit(call.parameter("commit")) else {
            throw WorldRefusal.noCommit(call.parameter("commit"))
        }
        return try await content(world, call.parameter("path"), at: commit, of: project)
    }

    func revisionFile(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (project, change) = try find(world, call)
        let revision = try Self.revision(call.parameter("revision"), of: change)
        return try await content(world, call.parameter("path"), at: revision.commit, of: project)
    }

    private func content(
        _ world: isolated ForgeWorld, _ path: String, at commit: ObjectID, of project: StoredProject
    ) async throws -> Reply {
        let mirror = try await world.repository(of: project).mirror
        guard let file = try await mirror.files(in: commit, under: [path]).first(where: { $0.path == path }) else {
            throw WorldRefusal.noFile(path)
        }
        return .text(
            200, Data(file.bytes).base64EncodedString(), headers: [("X-FYI-Content-Encoding", "base64")],
            type: "text/plain;charset=ISO-8859-1")
    }
}
