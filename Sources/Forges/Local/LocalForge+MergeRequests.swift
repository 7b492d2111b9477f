import Diagnostics
public import GitClient

/// What a local forge notes of a merge request that was opened through it.
struct LocalMergeRequest: Codable, Equatable {
    var source: String
    var target: String
    var head: ObjectID
    var title: String
    var body: String
    var labels: [String]
    /// The commit that merged it. Written before the branch moves: it counts once the branch contains it.
    var mergedAs: ObjectID?
}

extension LocalForge {
    /// A candidate, or a merge request that was opened through this type. A candidate that somebody pushed goes into the
    /// repository's default branch.
    public func mergeRequest(_ id: CandidateID, project: ProjectRef) async throws -> MergeRequest? {
        let repository = try await open(project)
        let record = try await book(in: repository).read(LocalMergeRequest.self, at: Self.place(of: id))
        let reference = Self.reference(of: id)
        let standing: ObjectID? = if let reference { try await repository.resolve(reference) } else { nil }
        guard let head = standing ?? record?.head else { return nil }
        let target = try await target(of: id, project: project, in: repository)
        var state = MergeRequest.State.closed
        if standing != nil || record?.mergedAs != nil {
            let branch = try await requireBranch(target, in: repository, project: project)
            if standing != nil {
                state = try await repository.isAncestor(head, of: branch) ? .merged(as: nil) : .open
            } else if let merge = record?.mergedAs, try await repository.isAncestor(merge, of: branch) {
                state = .merged(as: merge)
            }
        }
        let commit = try await repository.commit(head)
        return MergeRequest(
            id: id, title: record?.title ?? commit.subject, body: record?.body ?? commit.message.trimmedEnd,
            state: state, source: try record.map { try RefName($0.source) } ?? reference, target: target, head: head,
            mergeability: .unknown(""), labels: record?.labels ?? [], isOurs: record != nil)
    }

    /// See ``MergeRequestKeeping/openMergeRequests(from:into:project:)``.
    public func openMergeRequests(
        from source: RefName, into target: RefName, project: ProjectRef
    ) async throws -> [MergeRequest] {
        guard let id = try? Self.candidateID(from: source, into: target),
            let found = try await mergeRequest(id, project: project), found.state == .open, found.target == target
        else { return [] }
        return [found]
    }

    /// Makes the reference `refs/heads/candidate/<source>.into.<target>` where the source branch stands.
    public func open(_ proposal: MergeRequestProposal, project: ProjectRef) async throws -> MergeRequest {
        let repository = try await open(project)
        let id = try Self.candidateID(from: proposal.source, into: proposal.target)
        if let there = try await openMergeRequests(from: proposal.source, into: proposal.target, project: project).first
        {
            return try await following(proposal, there, project, in: repository)
        }
        _ = try await requireBranch(proposal.target, in: repository, project: project)
        guard let reference = Self.reference(of: id) else { throw ForgeProblem.missing(id) }
        let old = try await repository.resolve(reference)
        try await book(in: repository).change(
            try Self.place(of: id), from: LocalMergeRequest(proposal)
        ) { record in
            record = LocalMergeRequest(proposal)
        }
        do {
            try await repository.update([
                ReferenceUpdate(proposal.source, from: proposal.head, to: proposal.head),
                ReferenceUpdate(reference, from: old, to: proposal.head),
            ])
        } catch let error as SluiceError where error.code == "git.reference-moved" {
            throw ForgeProblem.moved(id, from: proposal.head, to: try await repository.resolve(proposal.source))
        }
        guard let opened = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        return opened
    }

    /// On a host an open merge request follows its branch by itself; here it does when it is asked for again.
    private func following(
        _ proposal: MergeRequestProposal, _ there: MergeRequest, _ project: ProjectRef, in repository: GitMirror
    ) async throws -> MergeRequest {
        guard there.head != proposal.head, let reference = Self.reference(of: there.id), reference != proposal.source
        else { return there }
        try await book(in: repository).change(
            try Self.place(of: there.id), from: there.note
        ) { $0.head = proposal.head }
        do {
            try await repository.update([
                ReferenceUpdate(proposal.source, from: proposal.head, to: proposal.head),
                ReferenceUpdate(reference, from: there.head, to: proposal.head),
            ])
        } catch let error as SluiceError where error.code == "git.reference-moved" {
            throw ForgeProblem.moved(there.id, from: proposal.head, to: try await repository.resolve(proposal.source))
        }
        return try await mergeRequest(there.id, project: project) ?? there
    }

    /// See ``MergeRequestKeeping/update(_:to:expecting:project:)``.
    public func update(
        _ id: CandidateID, to change: MergeRequestChange, expecting head: ObjectID, project: ProjectRef
    ) async throws -> Bool {
        let repository = try await open(project)
        guard let now = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        guard now.head == head else { throw ForgeProblem.moved(id, from: head, to: now.head) }
        return try await book(in: repository).change(try Self.place(of: id), from: now.note) { record in
            let before = record
            record.title = change.title ?? record.title
            record.body = change.body ?? record.body
            record.labels = change.labels ?? record.labels
            return record != before
        }
    }

    /// Makes the merge commit and moves the target branch to it, while the candidate's reference is held where it is.
    public func merge(
        _ id: CandidateID, expecting head: ObjectID, message: String?, project: ProjectRef
    ) async throws -> MergeOutcome {
        let repository = try await open(project)
        for _ in 0..<16 {
            guard let now = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
            guard now.state != .closed else { throw ForgeProblem.closed(id) }
            guard now.head == head, let reference = Self.reference(of: id) else {
                throw ForgeProblem.moved(id, from: head, to: now.head)
            }
            if case .merged(let commit) = now.state { return .alreadyMerged(as: commit) }
            let branch = try await requireBranch(now.target, in: repository, project: project)
            let text = message ?? "Merge \(now.source?.branchName ?? id.rawValue) into \(now.target.branchName ?? "")"
            do {
                let commit = try await repository.mergeCommit(of: branch, with: head, message: text, by: signature)
                let isOpenedByUs = now.source != reference
                if isOpenedByUs {
                    try await book(in: repository).change(try Self.place(of: id), from: now.note) {
                        $0.mergedAs = commit
                        $0.head = head
                    }
                }
                // What was opened through us has no branch of anybody's: its reference goes with the merge.
                try await repository.update([
                    ReferenceUpdate(reference, from: head, to: isOpenedByUs ? nil : head),
                    ReferenceUpdate(now.target, from: branch, to: commit),
                ])
                return .merged(as: commit)
            } catch let error as SluiceError where error.code == "git.merge-conflict" {
                throw ForgeProblem.conflicting(id.rawValue)
            } catch let error as SluiceError where error.code == "git.reference-moved" { continue }
        }
        throw SluiceError("git.reference-locked", .transient, "the branch is being pushed to again and again")
    }

    /// Deletes the candidate's reference.
    public func close(_ id: CandidateID, expecting head: ObjectID, project: ProjectRef) async throws -> Bool {
        let repository = try await open(project)
        guard let now = try await mergeRequest(id, project: project) else { throw ForgeProblem.missing(id) }
        switch now.state {
        case .closed: return false
        case .merged: throw ForgeProblem.merged(id)
        case .open, .unknown: break
        }
        guard now.head == head, let reference = Self.reference(of: id) else {
            throw ForgeProblem.moved(id, from: head, to: now.head)
        }
        // Noted first: once the reference is gone, only the note knows of it.
        try await book(in: repository).change(
            try Self.place(of: id), from: now.note
        ) { $0.head = head }
        do {
            try await repository.update([ReferenceUpdate(reference, from: head, to: nil)])
            return true
        } catch let error as SluiceError where error.code == "git.reference-moved" {
            throw ForgeProblem.moved(id, from: head, to: try await repository.resolve(reference))
        }
    }
}

extension LocalForge {
    func book(in repository: GitMirror) -> LocalBook { LocalBook(repository: repository, author: signature) }

    static func place(of id: CandidateID) throws -> ObjectID { try LocalBook.place(of: "merge request \(id)") }

    /// The branch that a candidate goes into.
    func target(of id: CandidateID, project: ProjectRef, in repository: GitMirror) async throws -> RefName {
        if let record = try await book(in: repository).read(LocalMergeRequest.self, at: Self.place(of: id)) {
            return try RefName(record.target)
        }
        guard let branch = try await repository.defaultBranch() else {
            throw SluiceError(
                "forge.branch-missing", .stalled, "the project \(project) has no default branch",
                hint: "git symbolic-ref HEAD refs/heads/main")
        }
        return branch
    }

    /// Pushed candidates keep their own name; what is opened from another branch is named by both branches.
    private static func candidateID(from source: RefName, into target: RefName) throws -> CandidateID {
        if let id = source.suffix(after: candidatePrefix) { return try CandidateID(id) }
        guard let from = source.branchName, let into = target.branchName else {
            throw SluiceError("git.reference-name-invalid", .stalled, "merge requests go from a branch into a branch")
        }
        return try CandidateID("\(from).into.\(into)")
    }
}

extension LocalMergeRequest {
    init(_ proposal: MergeRequestProposal) {
        self.init(
            source: proposal.source.rawValue, target: proposal.target.rawValue, head: proposal.head,
            title: proposal.title, body: proposal.body, labels: proposal.labels)
    }
}

extension MergeRequest {
    /// What is noted of it when nothing is yet.
    fileprivate var note: LocalMergeRequest {
        LocalMergeRequest(
            source: source?.rawValue ?? "", target: target.rawValue, head: head, title: title, body: body,
            labels: labels)
    }
}
