import Crypto
import DesiredState
import Diagnostics
import Foundation
import GitClient

extension GerritWire {
    /// `POST /changes/`, ChangeInput: an empty commit, or with `merge` a merge of that commit into the branch.
    func create(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        guard let path = call.text("project"), let branch = call.text("branch"), let subject = call.text("subject")
        else { throw Reply.text(400, "project must be non-empty") }
        let project = try world.project(path, call, atLeast: .write)
        let account = try world.somebody(call)
        let repository = try await world.repository(of: project)
        guard let tip = try await repository.branch(Self.branchName(branch)) else {
            throw Reply.text(422, "Branch \(branch) not found")
        }
        var parents = [tip]
        var tree = try await repository.mirror.commit(tip).tree
        if let source = call.input["merge"]?["source"]?.string {
            guard let commit = try await repository.commit(source) else {
                throw Reply.text(422, "cannot find source commit: \(source)")
            }
            if try await repository.mirror.isAncestor(commit, of: tip) {
                throw Reply.text(409, "'\(source)' has already been merged")
            }
            switch try await repository.merge(tip, commit) {
            case .conflicts(let paths): throw Reply.text(409, "merge conflict(s):\n\(paths.joined(separator: "\n"))")
            case .tree(let merged): tree = merged
            }
            parents.append(commit)
        }
        let seed = "\(subject) \(tip.hex) \(tree.hex) \(world.server.lastChange)"
        let digest = Insecure.SHA1.hash(data: Data(seed.utf8)).hexadecimal
        let commit = try await repository.commit(
            tree: tree, parents: parents, message: "\(subject)\n\nChange-Id: I\(digest)\n", by: account,
            at: world.now())
        let (change, _) = try await world.receive(
            commit, for: Self.branchName(branch), topic: call.text("topic"),
            isWorkInProgress: call.flag("work_in_progress") ?? false, project: project, by: account)
        return Self.json(201, try await info(world, change, of: project, [], call))
    }

    /// `POST …/reviewers`, ReviewerInput: whoever is not found is told in the answer.
    func addReviewer(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (project, change) = try find(world, call, atLeast: .report)
        let name = call.text("reviewer") ?? ""
        guard let account = world.account(called: name) else {
            let words = "\(name) does not identify a registered user or group"
            return Self.json(400, ["input": .string(name), "error": .string(words)])
        }
        _ = try world.ask(account, toReview: change.number, of: project, by: try world.somebody(call))
        return Self.json(
            200, ["input": .string(name), "reviewers": [Self.account(account, isDetailed: true)]])
    }

    /// `POST …/hashtags`, HashtagsInput: what a change is marked with.
    func setHashtags(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (project, change) = try find(world, call, atLeast: .report)
        let gone = call.list("remove") ?? []
        let changed = try world.edit(change.number, of: project, by: try world.somebody(call)) { change in
            change.labels.removeAll { gone.contains($0) }
            change.labels += (call.list("add") ?? []).filter { !change.labels.contains($0) }
            change.labels.sort()
        }
        return Self.json(200, .array(changed.labels.map { .string($0) }))
    }
}
