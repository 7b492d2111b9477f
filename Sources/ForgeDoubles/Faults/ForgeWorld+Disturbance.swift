package import GitClient

extension ForgeWorld {
    /// What somebody else does to a candidate while it is being looked at.
    func disturb(_ fault: Fault) async throws {
        let path = fault.project ?? projects.values.min { $0.id < $1.id }?.path ?? ""
        let project = try project(path: path)
        guard let number = fault.candidate ?? candidates(of: project).first(where: { $0.state == .open })?.number
        else { return }
        switch fault.effect {
        case .headMoved: _ = try await revise(number, in: path)
        case .candidateClosed:
            let actor = account(try candidate(number, of: project).author)
            try edit(number, of: project, by: actor) { $0.state = .closed }
        case .candidateMerged:
            let actor = account(try candidate(number, of: project).author)
            _ = try await merge(
                number, of: project, expecting: nil, by: actor, method: type == .gerrit ? .ifNecessary : .merge)
        default: break
        }
    }

    /// Gives a candidate a new revision by its author: one file more on its branch, or in its next patch set.
    /// - Returns: The new head.
    @discardableResult
    package func revise(
        _ number: Int, in path: String, changing files: [String: [UInt8]?] = [:], onto base: ObjectID? = nil
    ) async throws -> ObjectID {
        let project = try project(path: path)
        let candidate = try candidate(number, of: project)
        let author = account(candidate.author)
        let files = files.isEmpty && base == nil ? ["revision-\(candidate.revisions.count + 1).txt": [0x31]] : files
        if let source = candidate.sourceBranch {
            return try await commit(files, on: source, of: path, message: "Revise", by: author.login)
        }
        let repository = try await repository(of: project)
        guard let head = candidate.head else { throw WorldRefusal.noCommit("") }
        let old = try await repository.mirror.commit(head)
        var tree = old.tree
        if let base, let parent = old.parents.first {
            // A rebase: the change of this patch set on another parent.
            let stand = try await repository.commit(
                tree: try await repository.mirror.commit(base).tree, parents: [parent], message: "", by: author,
                at: now())
            guard case .tree(let rebased) = try await repository.merge(stand, head) else {
                throw WorldRefusal.conflicts([])
            }
            tree = rebased
        }
        let commit = try await repository.commit(
            changing: files, on: base ?? old.parents.first, tree: tree, message: old.message, by: author, at: now())
        _ = try await receive(
            commit, for: candidate.targetBranch, topic: nil, isWorkInProgress: false, project: project, by: author)
        return commit
    }
}
