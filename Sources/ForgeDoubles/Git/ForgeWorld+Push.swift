import Diagnostics
import GitClient

extension ForgeWorld {
    /// Serves a push and then does what the host does about it.
    func push(_ question: GitBackend.Question, _ call: Call, to project: StoredProject) async throws -> Reply {
        guard let account = call.account else { throw WorldRefusal.unauthorized("") }
        let backend = GitBackend(searchPath: searchPath)
        let path = repositoryPath(of: project)
        let repository = try await repository(of: project)
        let isCompressed = call.headers["content-encoding"] != nil
        let push = PushCommands(isCompressed ? [] : call.body)
        var reply = Reply(500)
        try await pushed(to: project, by: account) {
            reply = try await backend.answer(question, call, repository: path, user: account)
        }
        guard type == .gerrit, reply.status == 200 else { return reply }
        // The real receive-pack has put the commits at refs/for/…; Gerrit has no such references.
        var refusals: [String: String] = [:]
        var messages: [String] = []
        for (reference, commit) in try await repository.mirror.references(under: "refs/for/").targets.sorted(by: {
            $0.key < $1.key
        }) {
            do {
                messages += try await review(commit, pushedTo: reference.rawValue, of: project, by: account, call)
            } catch WorldRefusal.invalid(let reason) {
                refusals[reference.rawValue] = reason
                messages.append("ERROR: \(reason)")
            } catch WorldRefusal.noBranch(let branch) {
                refusals[reference.rawValue] = "branch \(branch) not found"
            }
            try await repository.move(reference.rawValue, from: commit, to: nil)
        }
        if !refusals.isEmpty || !messages.isEmpty, !push.commands.isEmpty {
            reply.body = push.report(refusals, messages: messages)
        }
        return reply
    }

    /// The commits that are new at a `refs/for/…`, oldest first, each become a change or a patch set.
    private func review(
        _ commit: ObjectID, pushedTo reference: String, of project: StoredProject, by account: StoredAccount,
        _ call: Call
    ) async throws -> [String] {
        let words = reference.dropFirst("refs/for/".count).words(at: "%", maxSplits: 1).map(String.init)
        let options = words.count == 2 ? words[1].words(at: ",").map(String.init) : []
        let branch = (words.first ?? "").replacingAll("refs/heads/", with: "")
        let repository = try await repository(of: project)
        guard let tip = try await repository.branch(branch) else { throw WorldRefusal.noBranch(branch) }
        let new = try await repository.mirror.commits(after: tip, through: commit).reversed()
        guard !new.isEmpty else { throw WorldRefusal.invalid("no new changes") }
        var messages: [String] = []
        var refusal: WorldRefusal?
        for commit in new {
            do {
                let (change, isNew) = try await receive(
                    commit.id, for: branch,
                    topic: options.first { $0.begins(with: "topic=") }.map { String($0.dropFirst(6)) },
                    isWorkInProgress: options.contains("wip"), project: project, by: account)
                messages.append(
                    "  \(call.baseURL)/c/\(project.path)/+/\(change.number) \(change.title)\(isNew ? " [NEW]" : "")")
            } catch WorldRefusal.invalid("no new changes") {
                refusal = .invalid("no new changes")
            }
        }
        if messages.isEmpty, let refusal { throw refusal }
        return ["", "SUCCESS", ""] + messages
    }
}
