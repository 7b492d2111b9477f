import DesiredState
import Diagnostics
import Forges
import GitClient
public import Reconciliation

extension DriftReconciler {
    /// Carries out one action. One that fails does not keep the others from being tried.
    public func apply(
        _ action: DriftAction, _ sight: DriftSight, in task: TaskContext
    ) async throws -> TaskOutcome {
        guard case .seen(let watch) = sight else { return .notNeeded(because: "there is no such repository") }
        do {
            switch action {
            case .takeBack(let branch, _, let stage, let at, let paths, _):
                guard let commit = try await takenBack(paths, from: branch, onto: at, watch) else {
                    return .failed(Self.conflict(branch, stage))
                }
                let proposal = Proposal(
                    name: action.branchName, commit: commit, target: stage,
                    title: "Take the drift of \(branch) back", body: Self.list(paths, of: branch))
                return try await open(proposal, watch, in: task)
            case .sync(let branch, let upstream, let head):
                let proposal = Proposal(
                    name: action.branchName, commit: head, target: branch,
                    title: "Carry the reverts of \(upstream) on into \(branch)",
                    body: "Changes no file. Without it the next release conflicts here, or loses a change.")
                return try await open(proposal, watch, in: task)
            case .withdraw(let name, let head): return try await withdraw(name, at: head, watch, in: task)
            }
        } catch let error as SluiceError {
            return .failed(error)
        }
    }

    /// A merge request that is to be opened.
    private struct Proposal {
        let name: DriftBranchName
        let commit: ObjectID
        let target: String
        let title: String
        let body: String
    }

    /// Pushes the branch, unless it is there, and opens a merge request of it, unless one is open.
    private func open(
        _ proposal: Proposal, _ watch: DriftWatch, in task: TaskContext
    ) async throws -> TaskOutcome {
        let (forge, project) = (watch.repository.forge, try watch.repository.project)
        let source = try RefName.branch(proposal.name.description)
        // One that is there already, an earlier attempt made for the same drift.
        let standing = try await forge.branches(project: project, withPrefix: proposal.name.description)[source]
        if standing == nil {
            try await directory.push(
                [ReferenceUpdate(source, from: nil, to: proposal.commit)], from: watch.mirror, to: watch.repository)
        }
        try await task.reach("after:branch.push")
        let request = try await forge.open(
            MergeRequestProposal(
                source: source, head: standing ?? proposal.commit, target: try .branch(proposal.target),
                title: proposal.title, body: proposal.body),
            project: project)
        return .done(["mergeRequest": .string(request.id.rawValue)])
    }

    /// Closes what is open from a short-lived branch, then deletes the branch.
    private func withdraw(
        _ name: DriftBranchName, at head: ObjectID, _ watch: DriftWatch, in task: TaskContext
    ) async throws -> TaskOutcome {
        let target = name.purpose == .takeBack ? watch.seen.stages.first : name.about
        return try await watch.repository.withdraw(name.description, at: head, from: target, in: task)
    }

    /// Makes a commit on the first stage that has what is drift on a branch; nil when that cannot be done without a person.
    private func takenBack(
        _ paths: [String], from branch: String, onto stage: ObjectID, _ watch: DriftWatch
    ) async throws -> ObjectID? {
        guard let head = watch.seen.heads[branch] else { return nil }
        let message = "Take the drift of \(branch) back\n\nAs it stands there at \(head.hex).\n"
        return try await watch.mirror.make { trial in
            guard let tree = try Self.takeBack(of: paths, from: branch, watch.seen, in: trial)?.tree else { return nil }
            // The same drift on the same stage makes the same commit, whoever makes it.
            return try trial.makeCommit(
                tree: tree, parents: [stage], message: message, by: .sluice(at: try trial.commit(head).committer.date))
        }
    }

    private static func conflict(_ branch: String, _ stage: String) -> SluiceError {
        SluiceError(
            "drift.take-back-conflict", .stalled, "what differs on \(branch) does not fit \(stage)",
            hint: "take it over by hand, or take it back on \(branch)")
    }

    private static func list(_ paths: [String], of branch: String) -> String {
        let shown = paths.prefix(30).map {
            "- `\(TextScrubber(limit: 200).scrub($0).replacingAll("`", with: "'").replacingAll("\n", with: " "))`"
        }
        let more = paths.count > 30 ? "\n- and \(paths.count - 30) more" : ""
        return
            "These files differ on `\(branch)` from what releases made them:\n\n\(shown.joined(separator: "\n"))\(more)"
    }
}
