import Diagnostics
import Foundation
public import GitClient
import OutboundHTTP

extension GerritForge {
    private static let shown: [Option] = [.currentRevision, .currentCommit, .accounts, .submittable]

    /// See ``MergeRequestKeeping/mergeRequest(_:project:)``.
    public func mergeRequest(_ id: CandidateID, project: ProjectRef) async throws -> MergeRequest? {
        guard let change = try await change(id, project: project, Self.shown) else { return nil }
        return try api.require(
            change.mergeRequest(at: api.address, account: try await account()), "the current revision of a change")
    }

    /// Our own changes whose topic is the source branch.
    public func openMergeRequests(
        from source: RefName, into target: RefName, project: ProjectRef
    ) async throws -> [MergeRequest] {
        let from = try api.require(source.branchName, "a branch")
        let into = try api.require(target.branchName, "a branch")
        let changes = try await query(
            "project:\(project.path) branch:\(into) status:open owner:self topic:\"\(from)\"", Self.shown)
        let account = try await account()
        return try changes.filter { $0.topic == from && $0.branch == into }
            .map {
                try api.require($0.mergeRequest(at: api.address, account: account), "the current revision of a change")
            }
            .filter(\.isOurs).sorted { $0.id < $1.id }
    }

    /// Makes a change with a merge of the source branch; its head is the merge commit that Gerrit makes.
    public func open(_ proposal: MergeRequestProposal, project: ProjectRef) async throws -> MergeRequest {
        if let there = try await openMergeRequests(from: proposal.source, into: proposal.target, project: project).first
        {
            return there
        }
        let head = try await branchHead(project: project, branch: proposal.source)
        try api.requireHead(of: proposal, head, project)
        let answer = try await api.send(
            .post, ["changes", ""],
            body: GerritWire.NewChange(
                project: project.path, branch: try api.require(proposal.target.branchName, "a branch"),
                subject: proposal.body.isEmpty ? proposal.title : "\(proposal.title)\n\n\(proposal.body)",
                topic: try api.require(proposal.source.branchName, "a branch"),
                merge: .init(source: proposal.head.hex)),
            accepting: [409])
        guard answer.status < 300 else {
            let branch = proposal.source.rawValue
            throw answer.words.localizedCaseInsensitiveContains("conflict")
                ? ForgeProblem.conflicting(branch) : ForgeProblem.refusedMerge(branch, answer.words)
        }
        let id = try CandidateID(String(try answer.decoded(GerritWire.Change.self)._number))
        if !proposal.labels.isEmpty { try await setHashtags(proposal.labels, of: id, having: [], project: project) }
        return try api.require(try await mergeRequest(id, project: project), "the change that was just made")
    }

    /// Labels are hashtags. Title and text are the commit's message, which cannot change without a new revision.
    public func update(
        _ id: CandidateID, to change: MergeRequestChange, expecting head: ObjectID, project: ProjectRef
    ) async throws -> Bool {
        guard let now = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        guard now.head == head else { throw ForgeProblem.moved(id, from: head, to: now.head) }
        if change.title.map({ $0 != now.title }) == true || change.body.map({ $0.trimmedEnd != now.body }) == true {
            try require(.editMergeRequests)
        }
        guard let labels = change.labels, labels != now.labels else { return false }
        try await setHashtags(labels, of: id, having: now.labels, project: project)
        return true
    }

    /// See ``MergeRequestKeeping/askForReview(of:from:project:)``. Gerrit leaves alone who is a reviewer already.
    public func askForReview(
        of id: CandidateID, from people: [String], project: ProjectRef
    ) async throws -> [String] {
        guard let path = Self.path(id, project), try await change(id, project: project, []) != nil else {
            throw ForgeProblem.missing(id)
        }
        var left: [String] = []
        for person in people {
            let answer = try await api.send(
                .post, path + ["reviewers"], body: GerritWire.NewReviewer(reviewer: person),
                accepting: [400, 404, 409, 422])
            let isAsked = try answer.status < 300 && answer.decoded(GerritWire.AddedReviewer.self).error == nil
            if !isAsked { left.append(person) }
        }
        return left
    }

    /// Submits the patch set; Gerrit itself refuses one that is not the present one. The message is the change's own.
    public func merge(
        _ id: CandidateID, expecting head: ObjectID, message: String?, project: ProjectRef
    ) async throws -> MergeOutcome {
        guard let now = try await mergeRequest(id, project: project), let path = Self.path(id, project) else {
            throw ForgeProblem.missing(id)
        }
        if let done = try now.outcome(expecting: head) { return done }
        let answer = try await api.send(
            .post, path + ["revisions", head.hex, "submit"], body: GerritWire.Notify(), accepting: [403, 409])
        if answer.status < 300 {
            let after = try await mergeRequest(id, project: project)
            guard case .merged(let commit)? = after?.state else { throw ForgeProblem.pendingMerge(id) }
            return .merged(as: commit)
        }
        let words = answer.words.lowercased()
        if words.holds("is merged") { return .alreadyMerged(as: nil) }
        if words.holds("not current revision") { throw ForgeProblem.moved(id, from: head, to: nil) }
        if words.holds("conflict") { throw ForgeProblem.conflicting(id.rawValue) }
        throw ForgeProblem.refusedMerge(id.rawValue, answer.words)
    }

    /// Abandons the change.
    public func close(_ id: CandidateID, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        guard let now = try await mergeRequest(id, project: project), let path = Self.path(id, project) else {
            throw ForgeProblem.missing(id)
        }
        guard try now.isToBeClosed(expecting: head) else { return false }
        let answer = try await api.send(.post, path + ["abandon"], body: GerritWire.Notify(), accepting: [409])
        if answer.status == 409, answer.words.lowercased().holds("merged") { throw ForgeProblem.merged(id) }
        return answer.status < 300
    }

    private func setHashtags(
        _ wanted: [String], of id: CandidateID, having present: [String], project: ProjectRef
    ) async throws {
        let path = try api.require(Self.path(id, project), "a number")
        _ = try await api.send(
            .post, path + ["hashtags"],
            body: GerritWire.Hashtags(
                add: wanted.filter { !present.contains($0) }, remove: present.filter { !wanted.contains($0) }))
    }
}
