import DesiredState
import Diagnostics
import Forges
import GitClient
public import Reconciliation

extension ReleaseReconciler {
    /// Carries out one action. A branch that is refused does not keep the others of its step from being tried.
    public func apply(
        _ action: ReleaseAction, _ sight: ReleaseSight, in task: TaskContext
    ) async throws -> TaskOutcome {
        do {
            if case .leaving(let release) = sight, case .withdraw(let branch, let head) = action {
                return try await withdraw(branch, at: head, of: release.release, release.repository, in: task)
            }
            guard case .seen(let release) = sight else { return .notNeeded(because: "there is no release") }
            switch action {
            case .merge(let merge): return try await carry(merge, release, in: task)
            case .withdraw(let branch, let head):
                return try await withdraw(branch, at: head, of: release.seen.release, release.repository, in: task)
            case .deleteSource(let branch, let head):
                let isGone = try await release.repository.forge.deleteBranch(
                    try .branch(branch), expecting: head, project: try release.repository.project)
                return isGone ? .done() : .notNeeded(because: "the branch is gone already")
            case .verify(let commit, let isAccepted, let summary):
                return try await verify(commit, isAccepted, summary, release)
            case .refuse(_, let reason): return .notNeeded(because: reason)
            }
        } catch let error as SluiceError {
            return .failed(error)
        }
    }

    /// Says what the checks found where the author looks: by the commit's status, where the code host has statuses, and by
    /// one comment on each merge request of the source into the first stage.
    private func verify(
        _ commit: ObjectID, _ isAccepted: Bool, _ summary: String, _ release: SeenRelease
    ) async throws -> TaskOutcome {
        let (forge, project) = (release.repository.forge, try release.repository.project)
        var isNew = false
        if let statuses = forge as? any CommitStatusKeeping, statuses.capabilities.contains(.commitStatuses) {
            let status = CommitStatus(
                context: ReleaseVerdict.statusContext, state: isAccepted ? .success : .failed, summary: summary)
            isNew = try await statuses.set(status, on: commit, project: project)
        }
        if let verdict = release.seen.verdict, let stage = release.repository.spec.stages.first,
            let comments = forge as? any CommentKeeping, forge.capabilities.contains(.openMergeRequests)
        {
            let text = verdict.comment(on: commit)
            let marker = try Marker("release/\(release.seen.release.release.replacingAll("--", with: "-:-"))/verified")
            let requests = try await forge.openMergeRequests(
                from: try .branch(release.seen.spec.source), into: try .branch(stage), project: project)
            for request in requests {
                let outcome = try await comments.keepComment(
                    text, marked: marker, on: .mergeRequest(request.id), project: project)
                isNew = isNew || outcome != .alreadyThere
            }
        }
        return isNew ? .done() : .notNeeded(because: "it stands there already, or there is no place for it")
    }

    /// Merges a commit into a branch when it is the release's turn there: a second one looks again when the first is through.
    private func carry(
        _ merge: BranchMerge, _ release: SeenRelease, in task: TaskContext
    ) async throws -> TaskOutcome {
        let place = "\(release.repository.forge.name) \(release.repository.spec.project) \(merge.target)"
        let outcome = try await task.context.inTurn(at: place) { try await carryInTurn(merge, release, in: task) }
        guard let outcome else {
            throw SluiceError(
                "release.branch-busy", .transient, "another release is being merged into \(merge.target)",
                retryAfter: .seconds(5))
        }
        return outcome
    }

    /// A short-lived branch at the commit, a merge request from it with the expected head, a merge commit, and the short-lived
    /// branch is gone again.
    private func carryInTurn(
        _ merge: BranchMerge, _ release: SeenRelease, in task: TaskContext
    ) async throws -> TaskOutcome {
        let seen = release.seen
        let (forge, project) = (release.repository.forge, try release.repository.project)
        if let obstacle = lateObstacle(merge, seen) { throw obstacle.error }
        let target = try RefName.branch(merge.target)
        let now = try await forge.branches(project: project, withPrefix: merge.target)[target]
        guard now == merge.head else {
            throw SluiceError(
                "release.branch-moved", .conflict,
                "\(merge.target) was pushed to since the rehearsal: it stood at \(merge.head.abbreviated), and now at "
                    + "\(now?.abbreviated ?? "nothing")", detail: "\(merge.head), \(now?.hex ?? "gone")")
        }
        try await makeRevert(merge, release)
        let source = try seen.release.shortLived(merge.kind, into: merge.target)
        if let name = source.branchName, seen.foreignBranches.contains(name) {
            throw SluiceError(
                "release.branch-taken", .stalled, "\(name) holds commits that are not the release's",
                hint: "move them to another branch and delete that one, then: sluice release resume")
        }
        let standing = source.branchName.flatMap { seen.shortLived[$0] }
        if standing != merge.commit {
            try await directory.push(
                [ReferenceUpdate(source, from: standing, to: merge.commit)], from: release.mirror,
                to: release.repository)
        }
        try await task.reach("after:branch.push")
        // Where the host makes the merge when the request is opened, that merge is what stands at its head.
        let mergesWhenOpened = !forge.capabilities.contains(.editMergeRequests)
        let request = try await forge.open(
            proposal(merge, from: source, into: target, seen, isMerge: mergesWhenOpened), project: project)
        task.notes.set("mergeRequest", .string(request.id.rawValue))
        guard request.target == target else {
            throw SluiceError(
                "release.request-differs", .stalled,
                "the merge request \(request.id) goes into \(request.target), not \(merge.target)",
                hint: "close it: somebody, or a command in the release's description, has pointed it elsewhere")
        }
        try await task.reach("after:request.open")
        if case .conflicting = try await mergeability(of: request, moving: seen.movesFiles(merge), forge, project) {
            throw SluiceError(
                "release.merge-refused", .stalled, "the code host finds a conflict that the rehearsal did not",
                hint: "files may have been moved: merge \(merge.target) by hand, or take the move out")
        }
        _ = try await forge.merge(
            request.id, expecting: mergesWhenOpened ? request.head : merge.commit, message: message(merge, seen),
            project: project)
        try await task.reach("after:request.merge")
        // What is made is made: a branch that cannot be deleted is left to the passes that come.
        do { _ = try await forge.deleteBranch(source, expecting: merge.commit, project: project) } catch let error
            as SluiceError
        { task.notes.set("left", .string("\(source): \(error.message)")) }
        return .done(["mergeRequest": .string(request.id.rawValue)])
    }

    /// What the code host says of a merge request. Where files are moved its own merge may differ from the one that was tried
    /// here: it is given time to find out, for it does so after it has answered.
    private func mergeability(
        of request: MergeRequest, moving isMoving: Bool, _ forge: any ReleaseForge, _ project: ProjectRef
    ) async throws -> MergeRequest.Mergeability {
        var found = request.mergeability
        for _ in 0..<Self.looks where isMoving && found == .checking {
            try await pause(.seconds(2))
            found = try await forge.mergeRequest(request.id, project: project)?.mergeability ?? found
        }
        return found
    }

    /// How often a code host is asked for what it finds out. Afterwards the merge itself shows it.
    private static let looks = 10

    /// The window may close while a step is under way. Taking back never waits for a window.
    private func lateObstacle(_ merge: BranchMerge, _ seen: ReleaseObservation) -> ReleaseObstacle? {
        guard merge.kind == .promo else { return nil }
        return ReleaseRules.windowObstacle(
            seen.spec, seen.rules.windows, seen.rules.approvals, isRunning: true, at: now())
    }

    /// Makes the commit that takes a merge back. It is the one that was rehearsed, or the repository is not what it was.
    private func makeRevert(_ merge: BranchMerge, _ release: SeenRelease) async throws {
        guard let taken = merge.takesBack else { return }
        let commit = try await release.mirror.commit(taken)
        let before = try await release.mirror.commit(commit.parents.first ?? commit.id).tree
        let revert = try RevertCommit(of: commit, release: release.seen.release) { _ in before }
        let made = try await release.mirror.makeCommit(
            tree: revert.tree, parents: [taken], message: revert.message, by: revert.author)
        guard made == merge.commit else {
            throw SluiceError(
                "release.revert-differs", .conflict, "the revert is not the one that was rehearsed",
                detail: "\(made), expected \(merge.commit)")
        }
    }
}

/// What merge requests and merges say.
extension ReleaseReconciler {
    private func subject(_ merge: BranchMerge, _ seen: ReleaseObservation) -> String {
        let name = seen.release.release
        return switch merge.kind {
        case .promo: "Release \(name) into \(merge.target): \(seen.spec.title)"
        case .revert: "Take \(name) back from \(merge.target): \(seen.spec.title)"
        case .sync: "Carry the reverts of \(name) on into \(merge.target)"
        }
    }

    private func message(_ merge: BranchMerge, _ seen: ReleaseObservation) -> String {
        ReleaseMessage.text(subject(merge, seen), merge.purpose, of: seen.release)
    }

    /// - Parameter isMerge: Whether its text is what the merge itself says.
    private func proposal(
        _ merge: BranchMerge, from source: RefName, into target: RefName, _ seen: ReleaseObservation, isMerge: Bool
    ) -> MergeRequestProposal {
        let text = ReleaseMessage.harmless(seen.spec.description ?? "")
        let mark = isMerge ? ReleaseMessage.mark(merge.purpose, of: seen.release) : ""
        return MergeRequestProposal(
            source: source, head: merge.commit, target: target, title: subject(merge, seen),
            body: [text, mark].filter { !$0.isEmpty }.joined(separator: "\n\n"))
    }
}

extension BranchMerge {
    /// What its message says it is for.
    fileprivate var purpose: ReleaseMessage.Purpose {
        switch kind {
        case .promo: .promotion
        case .revert: .rollback
        case .sync: .sync
        }
    }
}
