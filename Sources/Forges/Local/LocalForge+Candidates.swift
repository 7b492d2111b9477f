public import GitClient

extension LocalForge {
    /// The present revision: git remembers no earlier ones of a reference.
    public func revisions(of candidate: CandidateID, project: ProjectRef) async throws -> [CandidateRevision] {
        let repository = try await open(project)
        let head = try await requireCandidate(candidate, in: repository)
        let base = try await mergeBase(of: candidate, at: head, project: project, in: repository)
        return [
            CandidateRevision(commit: head, base: base, created: try await repository.commit(head).committer.date)
        ]
    }

    /// See ``CandidateReading/changedFiles(of:at:project:)``. Any commit of the repository can be asked for.
    public func changedFiles(
        of candidate: CandidateID, at revision: ObjectID, project: ProjectRef
    ) async throws -> [CandidateFile] {
        let repository = try await open(project)
        _ = try await requireCandidate(candidate, in: repository)
        let base = try await mergeBase(of: candidate, at: revision, project: project, in: repository)
        return try await repository.changes(from: base, to: revision).map { change in
            let kind: CandidateFile.Change =
                switch change.status {
                case .added: .added
                case .deleted: .deleted
                case .modified, .typeChanged: .modified
                case .renamed: .renamed
                }
            return CandidateFile(path: change.path, oldPath: change.oldPath, change: kind)
        }
    }

    /// A folder has no settings that could carry a verdict over.
    public func verdictHazards(project: ProjectRef, branch: RefName) async throws -> [String] { [] }

    /// Where the candidate's reference stands.
    /// - Throws: `forge.candidate-missing`.
    func requireCandidate(_ id: CandidateID, in repository: GitMirror) async throws -> ObjectID {
        guard let reference = Self.reference(of: id), let head = try await repository.resolve(reference) else {
            throw ForgeProblem.missing(id)
        }
        return head
    }

    private func mergeBase(
        of candidate: CandidateID, at revision: ObjectID, project: ProjectRef, in repository: GitMirror
    ) async throws -> ObjectID? {
        let target = try await target(of: candidate, project: project, in: repository)
        let head = try await requireBranch(target, in: repository, project: project)
        return try await repository.mergeBase(revision, head)
    }
}
