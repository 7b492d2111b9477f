package import GitClient

extension ForgeWorld {
    /// Makes a branch at a commit or another branch.
    func makeBranch(
        _ name: String, at start: String, of project: StoredProject, by actor: StoredAccount
    ) async throws -> ObjectID {
        let repository = try await repository(of: project)
        guard let reference = try? RefName.branch(name) else { throw WorldRefusal.invalid("Branch name is invalid") }
        guard try await repository.mirror.resolve(reference) == nil else { throw WorldRefusal.branchExists(name) }
        guard let commit = try await repository.commit(start) else { throw WorldRefusal.noCommit(start) }
        try await pushed(to: project, by: actor) {
            try await repository.move(reference.rawValue, from: nil, to: commit)
        }
        return commit
    }

    /// Deletes a branch.
    func deleteBranch(_ name: String, of project: StoredProject, by actor: StoredAccount) async throws {
        let repository = try await repository(of: project)
        guard let head = try await repository.branch(name) else { throw WorldRefusal.noBranch(name) }
        guard !project.protectedBranches.contains(name), name != project.defaultBranch else {
            throw WorldRefusal.branchProtected(name)
        }
        try await pushed(to: project, by: actor) {
            try await repository.move("refs/heads/\(name)", from: head, to: nil)
        }
    }

    /// Commits files on a branch, as an editor in the browser would. The branch is made when it is not there yet.
    /// - Parameter start: Where a new branch begins; nil for the default branch.
    @discardableResult
    package func commit(
        _ files: [String: [UInt8]?], on branch: String, of path: String, message: String,
        startingAt start: String? = nil,
        by login: String? = nil
    ) async throws -> ObjectID {
        let project = try project(path: path)
        let actor = server.accounts.first { $0.login == login } ?? server.accounts.first ?? account(0)
        let repository = try await repository(of: project)
        let old = try await repository.branch(branch)
        var parent = old
        if parent == nil { parent = try await repository.commit(start ?? project.defaultBranch) }
        let commit = try await repository.commit(
            changing: files, on: parent, message: message, by: actor, at: now())
        try await pushed(to: project, by: actor) {
            try await repository.move("refs/heads/\(branch)", from: old, to: commit)
        }
        return commit
    }

    /// Does what `push` does to a repository and then takes notice of it, as a host does after a push.
    func pushed(
        to project: StoredProject, by actor: StoredAccount, _ push: () async throws -> Void
    ) async throws {
        let mirror = try await repository(of: project).mirror
        let before = try await mirror.references(under: "refs/heads/").targets
        try await push()
        let after = try await mirror.references(under: "refs/heads/").targets
        for name in Set(before.keys).union(after.keys).sorted() where before[name] != after[name] {
            guard let branch = name.branchName else { continue }
            emit(.branchMoved(branch: branch, from: before[name], to: after[name]), project, by: actor)
            try await followSource(branch, to: after[name], in: project, by: actor)
            try await followTarget(branch, to: after[name], in: project, by: actor)
        }
    }

    /// Open candidates that come from a branch get a revision, or are closed with it.
    private func followSource(
        _ branch: String, to head: ObjectID?, in project: StoredProject, by actor: StoredAccount
    ) async throws {
        guard type != .gerrit else { return }
        let repository = try await repository(of: project)
        for var candidate in candidates(of: project) where candidate.state == .open && candidate.sourceBranch == branch
        {
            guard let head else {
                // GitHub closes a pull request whose branch goes; GitLab and Gitee leave it open.
                if type == .github { try edit(candidate.number, of: project, by: actor) { $0.state = .closed } }
                continue
            }
            let old = candidate.head
            guard old != head else { continue }
            candidate.revisions.append(
                .init(
                    number: candidate.revisions.count + 1, commit: head,
                    base: try await repository.branch(candidate.targetBranch), uploader: actor.id, created: now()))
            candidate.updated = now()
            try put(candidate)
            try await repository.set(type.headReference(of: candidate.number, revision: 1), to: head)
            emit(.revised(from: old), project, candidate, by: actor)
        }
    }

    /// Open candidates whose commits have arrived in their branch by a push are merged.
    private func followTarget(
        _ branch: String, to tip: ObjectID?, in project: StoredProject, by actor: StoredAccount
    ) async throws {
        guard let tip else { return }
        let mirror = try await repository(of: project).mirror
        for var candidate in candidates(of: project) where candidate.state == .open && candidate.targetBranch == branch
        {
            guard let head = candidate.head, candidate.revisions.last?.base != head,
                try await mirror.isAncestor(head, of: tip)
            else { continue }
            candidate.state = .merged
            candidate.mergedAs = type == .gitlab ? nil : tip
            candidate.mergedBy = actor.id
            candidate.closed = now()
            candidate.updated = now()
            try put(candidate)
            emit(.merged, project, candidate, by: actor)
        }
    }
}
