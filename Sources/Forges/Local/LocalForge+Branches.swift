import Diagnostics
public import GitClient

extension LocalForge {
    /// See ``BranchKeeping/branches(project:withPrefix:)``.
    public func branches(project: ProjectRef, withPrefix prefix: String) async throws -> [RefName: ObjectID] {
        try await open(project).references(under: "refs/heads/\(prefix)").targets
    }

    /// See ``BranchKeeping/createBranch(_:at:project:)``. Here the comparison is exact.
    public func createBranch(_ branch: RefName, at commit: ObjectID, project: ProjectRef) async throws -> Bool {
        let repository = try await open(project)
        let head = try await repository.resolve(branch)
        if head == commit { return false }
        guard try await repository.contains(commit) else { throw ForgeProblem.missing(commit: commit) }
        do {
            try await repository.update([ReferenceUpdate(branch, from: nil, to: commit)])
            return true
        } catch let error as SluiceError where error.code == "git.reference-moved" {
            throw ForgeProblem.moved(branch, from: nil, to: try await repository.resolve(branch))
        }
    }

    /// See ``BranchKeeping/deleteBranch(_:expecting:project:)``. Here the comparison is exact.
    public func deleteBranch(_ branch: RefName, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        let repository = try await open(project)
        guard try await repository.resolve(branch) != nil else { return false }
        do {
            try await repository.update([ReferenceUpdate(branch, from: head, to: nil)])
            return true
        } catch let error as SluiceError where error.code == "git.reference-moved" {
            throw ForgeProblem.moved(branch, from: head, to: try await repository.resolve(branch))
        }
    }
}
