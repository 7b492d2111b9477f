import Diagnostics
import Forges
import GitClient
import NIOConcurrencyHelpers

@testable import ReleasePromotion

/// A forge on which people do something at the wrong moment: just before a merge request is merged.
struct InterferingForge: ReleaseForge {
    let base: any ReleaseForge
    let world: ReleaseWorld

    var name: String { base.name }
    var capabilities: Set<ForgeCapability> { base.capabilities }
    func account() async throws -> ForgeAccount { try await base.account() }

    func merge(
        _ id: CandidateID, expecting head: ObjectID, message: String?, project: ProjectRef
    ) async throws -> MergeOutcome {
        if let target = try await base.mergeRequest(id, project: project)?.target.branchName {
            let act = world.interference.withLockedValue { $0.removeValue(forKey: target) }
            try await act?()
        }
        return try await base.merge(id, expecting: head, message: message, project: project)
    }

    func mergeRequest(_ id: CandidateID, project: ProjectRef) async throws -> MergeRequest? {
        try await base.mergeRequest(id, project: project).map(judged)
    }

    /// The request with the next of the host's words about merging into its target; the last one stays.
    private func judged(_ request: MergeRequest) -> MergeRequest {
        let word = world.mergeability.withLockedValue { words -> MergeRequest.Mergeability? in
            guard let target = request.target.branchName, let word = words[target]?.first else { return nil }
            if words[target]?.count ?? 0 > 1 { words[target]?.removeFirst() }
            return word
        }
        guard let word else { return request }
        return MergeRequest(
            id: request.id, title: request.title, body: request.body, state: request.state, source: request.source,
            target: request.target, head: request.head, mergeability: word, labels: request.labels,
            isOurs: request.isOurs, webURL: request.webURL)
    }

    func openMergeRequests(
        from source: RefName, into target: RefName, project: ProjectRef
    ) async throws -> [MergeRequest] {
        try await base.openMergeRequests(from: source, into: target, project: project)
    }

    func open(_ proposal: MergeRequestProposal, project: ProjectRef) async throws -> MergeRequest {
        judged(try await base.open(proposal, project: project))
    }

    func update(
        _ id: CandidateID, to change: MergeRequestChange, expecting head: ObjectID, project: ProjectRef
    ) async throws -> Bool {
        try await base.update(id, to: change, expecting: head, project: project)
    }

    func makesMergeCommits(project: ProjectRef) async throws -> Bool {
        try await base.makesMergeCommits(project: project)
    }

    func close(_ id: CandidateID, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        try await base.close(id, expecting: head, project: project)
    }

    func branches(project: ProjectRef, withPrefix prefix: String) async throws -> [RefName: ObjectID] {
        try await base.branches(project: project, withPrefix: prefix)
    }

    func createBranch(_ branch: RefName, at commit: ObjectID, project: ProjectRef) async throws -> Bool {
        try await base.createBranch(branch, at: commit, project: project)
    }

    func deleteBranch(_ branch: RefName, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        if let name = branch.branchName {
            let act = world.interference.withLockedValue { $0.removeValue(forKey: name) }
            try await act?()
        }
        return try await base.deleteBranch(branch, expecting: head, project: project)
    }
}
