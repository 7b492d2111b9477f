import DesiredState
import Forges
import Foundation
import GitClient
import PatchSeries
public import Reconciliation

/// What is done for an upstream: from what was seen to a list of actions. Pure.
///
/// The cursor moves here and nowhere else: to the start when there is none, to where a merged request leads, to where a
/// person orders it, and to the newest common commit of a history that was rewritten, when the desired state allows that.
public enum TrackingPlan {
    /// Decides.
    public static func decide(_ seen: TrackingObservation) -> Plan<TrackingAction> {
        if let obstacle = seen.obstacle {
            return stuck(
                "Obstructed", obstacle.message, until: obstacle.hint ?? "that is mended", seen)
        }
        if let request = seen.request, case .merged = request.state { return merged(seen) }
        if let request = seen.request, request.state == .closed { return refused(seen) }
        if let order = seen.orders.first { return again([.obey(order, cursor: seen.status.cursor)]) }
        guard seen.package != nil else {
            let branch = seen.spec.package.branch
            return stuck(
                "PackageBranchMissing", "the package \(seen.spec.package.project) has no branch \(branch)",
                until: "the branch is there, or spec.package.branch names another", seen)
        }
        guard let upstream = seen.upstream else {
            return stuck(
                "UpstreamBranchMissing", "upstream has no branch \(seen.spec.source.branch)",
                until: "the branch is there, or spec.source.branch names another", seen)
        }
        guard let standing = seen.standing else { return begin(seen, at: upstream) }
        switch standing {
        case .upToDate: return upToDate(seen)
        case .cursorLost:
            // Only a start that somebody has written since: the one of the beginning would propose again what was merged.
            if let text = seen.spec.source.start, let before = seen.status.start, text != before,
                let start = ObjectID(exactly: text), start != seen.status.cursor
            {
                return again([
                    .moveCursor(
                        to: start, from: seen.status.cursor,
                        because: "the cursor is lost, and spec.source.start was changed to name it")
                ])
            }
            return stuck(
                "CursorLost",
                "upstream has no commit \(seen.status.cursor?.abbreviated ?? "") any more, and what became of it cannot be seen",
                until: "the cursor is moved to a commit that upstream has (sluice upstream move-cursor), "
                    + "or spec.source.start is changed to one", seen)
        case .rewritten(let history): return rewritten(history, seen)
        case .ahead(let count): return ahead(by: count, seen)
        }
    }

    /// The first look: from where patches are wanted.
    private static func begin(_ seen: TrackingObservation, at head: ObjectID) -> Plan<TrackingAction> {
        guard let text = seen.spec.source.start else {
            return again([.moveCursor(to: head, from: nil, because: "upstream stands there at the first look")])
        }
        guard let start = ObjectID(exactly: text) else {
            return stuck("StartInvalid", "spec.source.start is no commit", until: "it is corrected", seen)
        }
        return again([.moveCursor(to: start, from: nil, because: "spec.source.start names it")])
    }

    /// The patches are in the package: what they led to is the new cursor, unless it is further already. That comes first:
    /// a host that keeps the branch does not keep the cursor.
    private static func merged(_ seen: TrackingObservation) -> Plan<TrackingAction> {
        again(cursorMove(seen) + leftovers(seen))
    }

    private static func cursorMove(_ seen: TrackingObservation) -> [TrackingAction] {
        guard let covered = seen.status.covered, !seen.coversNothingNew else { return [] }
        return [.moveCursor(to: covered, from: seen.status.cursor, because: "the merge request was merged")]
    }

    /// Somebody closed the merge request: it is not asked again.
    private static func refused(_ seen: TrackingObservation) -> Plan<TrackingAction> { again(leftovers(seen)) }

    /// What a merge request leaves behind when it has ended: the branch, unless it has people's commits that were not merged,
    /// and the issue.
    private static func leftovers(_ seen: TrackingObservation) -> [TrackingAction] {
        var actions: [TrackingAction] = []
        var mergedHead: ObjectID?
        if let request = seen.request, case .merged = request.state { mergedHead = request.head }
        if let branch = seen.branch,
            !branch.hasForeignCommits || branch.head == mergedHead || mergedHead != nil && branch.isInPackage
        {
            actions.append(.deleteBranch(head: branch.head))
        }
        if seen.issueIsOpen == true { actions.append(.closeIssue) }
        return actions
    }

    /// It is not desired any more: what is ours goes, unless people have worked on it or it is to stay.
    static func leave(_ seen: TrackingObservation) -> Plan<TrackingAction> {
        guard seen.spec.removal == .close else { return Plan([], then: .removed) }
        var actions: [TrackingAction] = []
        let isForeign = seen.branch?.hasForeignCommits ?? false
        if let request = seen.request, request.isOpen {
            guard !isForeign, request.isOurs, let id = request.id else { return Plan([], then: .removed) }
            actions.append(.closeRequest(id, head: request.head))
        }
        return Plan(actions + leftovers(seen), then: .removed)
    }

    /// It is desired elsewhere now: what is ours at the former place goes, and what was merged there counts.
    static func move(_ seen: TrackingObservation?) -> Plan<TrackingAction> {
        guard let seen else { return again([]) }
        var actions: [TrackingAction] = []
        if let request = seen.request, case .merged = request.state { actions = cursorMove(seen) }
        return again(actions + leave(seen).actions)
    }

    /// What is left behind by ``leave(_:)``, a sentence; nil when nothing is.
    static func leftBehind(_ seen: TrackingObservation) -> String? {
        let branch = seen.branch.map { _ in "its branch" }
        let request = seen.request.flatMap { $0.isOpen ? $0.id.map { "merge request \($0)" } : nil }
        let things = [request, branch, seen.issueIsOpen == true ? "its issue" : nil].compactMap(\.self)
        guard !things.isEmpty else { return nil }
        let list = things.joined(separator: ", ")
        if seen.spec.removal == .leave { return "\(list): left as spec.removal says" }
        if seen.request?.isOurs == false { return "\(list): left, for the merge request is somebody else's" }
        return seen.branch?.hasForeignCommits == true ? "\(list): left, for people have put commits on the branch" : nil
    }

    private static func upToDate(_ seen: TrackingObservation) -> Plan<TrackingAction> {
        // Somebody may have moved the cursor past what was proposed.
        withdraw(seen, "the package has all of upstream's \(seen.spec.source.branch)", reason: "UpToDate")
    }

    /// Nothing is to be proposed: what was proposed before is taken back, unless other people have to do with it.
    private static func withdraw(
        _ seen: TrackingObservation, _ message: String, reason: String
    ) -> Plan<TrackingAction> {
        var actions: [TrackingAction] = []
        if let request = seen.request, request.isOpen, let id = request.id {
            guard request.isOurs, seen.branch?.hasForeignCommits != true else {
                let because = request.isOurs ? "it has other people's commits" : "somebody else has opened it"
                return Plan(
                    warning(nil, seen),
                    then: .ready(
                        "\(message); the merge request \(id) is left open, for \(because)", reason: reason,
                        lookAgain: seen.spec.interval))
            }
            actions.append(.closeRequest(id, head: request.head))
        }
        if let branch = seen.branch, !branch.hasForeignCommits { actions.append(.deleteBranch(head: branch.head)) }
        if seen.issueIsOpen == true { actions.append(.closeIssue) }
        return Plan(actions, then: .ready(message, reason: reason, lookAgain: seen.spec.interval))
    }

    private static func rewritten(_ history: RewrittenHistory, _ seen: TrackingObservation) -> Plan<TrackingAction> {
        let lost = history.dropped.filter { !$0.isTrivial && $0.equivalent == nil }
        let isAllowed =
            switch seen.spec.rewritten {
            case .stop: false
            case .equivalent: history.isEquivalent
            case .follow: true
            }
        if isAllowed, let base = history.base {
            let reason =
                lost.isEmpty ? "every commit that is gone came back" : "\(lost.count) commits are gone for good"
            return again([
                .followRewritten(
                    to: base, from: seen.status.cursor,
                    known: known(history, before: Set(seen.status.known ?? [])),
                    because: "upstream was moved by force; \(reason)")
            ])
        }
        let named = lost.prefix(5).map {
            "\($0.commit.id.abbreviated) \(InertText($0.commit.subject, limit: 100).plain)"
        }.joined(separator: "; ")
        let gone = lost.isEmpty ? "" : ": \(named)\(lost.count > 5 ? " and \(lost.count - 5) more" : "")"
        return stuck(
            "UpstreamRewritten",
            "upstream was moved by force: \(history.dropped.count) commit\(history.dropped.count == 1 ? " is" : "s are") gone, "
                + "\(lost.count) of them without an equivalent\(gone)",
            until: history.base.map {
                "the cursor is moved, for example to \($0.abbreviated) (sluice upstream move-cursor), "
                    + "or spec.rewritten says follow"
            }
                ?? "the cursor is moved (sluice upstream move-cursor): the histories have no commit in common", seen)
    }

    /// The commits beyond the common one that the package has: those that came back, and those of its own that stayed.
    private static func known(_ history: RewrittenHistory, before: Set<ObjectID>) -> [ObjectID] {
        let equivalent = Set(history.dropped.compactMap(\.equivalent))
        return history.new.map(\.id).filter { equivalent.contains($0) || before.contains($0) }
    }

    private static func ahead(by count: Int, _ seen: TrackingObservation) -> Plan<TrackingAction> {
        let commits = "\(count) commit\(count == 1 ? "" : "s")"
        if let refused = seen.status.refused {
            return Plan(
                [],
                then: .waiting(
                    on: "a person: the merge request with the patches up to \(refused.abbreviated) was closed; "
                        + "\(commits) behind, until that is taken back (sluice upstream reopen) or the cursor is moved",
                    reason: "Refused", lookAgain: seen.spec.interval))
        }
        guard let proposal = seen.proposal else {
            return withdraw(
                seen, "\(commits) of upstream change nothing that is followed", reason: "NothingToPropose")
        }
        let isOpen = seen.request?.isOpen ?? false
        let cooldown = Double(seen.spec.cooldown.components.seconds)
        if !isOpen, let ended = seen.status.ended, ended.addingTimeInterval(cooldown) > seen.time {
            let rest = ended.addingTimeInterval(cooldown).timeIntervalSince(seen.time)
            return Plan(
                [],
                then: .waiting(
                    on: "the end of the cool-down after the last merge request; \(commits) behind",
                    reason: "CoolingDown",
                    lookAgain: .seconds(rest)))
        }
        let part = count - proposal.remaining
        return propose(
            proposal, proposal.remaining == 0 ? commits : "\(part) of \(commits)", isOpen: isOpen, seen)
    }

    private static func propose(
        _ proposal: TrackingObservation.Proposal, _ commits: String, isOpen: Bool, _ seen: TrackingObservation
    ) -> Plan<TrackingAction> {
        var actions: [TrackingAction] = []
        let isForeign = seen.branch?.hasForeignCommits ?? false
        // People's commits stay: what came later waits until theirs are merged.
        let head = isForeign ? seen.branch?.head ?? proposal.commit : proposal.commit
        if !isForeign, seen.branch?.head != proposal.commit {
            actions.append(.push(commit: proposal.commit, from: seen.branch?.head, patches: proposal.rows.count))
        }
        let held = isForeign && seen.branch?.covered != proposal.head
        let text = held ? heldText(seen) : proposal.text
        let isTold =
            seen.status.told == text.digest && isOpen && isSettled(seen, text) && seen.status.warned == nil
            && actions.isEmpty
        let followsBranch = seen.request?.head == head
        if !isTold || !followsBranch {
            let conflicts = proposal.rows.count { $0.status == .conflict }
            // The merge request names the issue, and does without it where there can be none.
            if seen.issueProblem == nil { actions.append(.tellIssue(text)) }
            actions.append(.tellRequest(text, head: head))
            let summary =
                conflicts == 0
                ? "all \(proposal.rows.count) patches fit" : "\(conflicts) of \(proposal.rows.count) patches do not fit"
            if !isForeign { actions.append(.verify(commit: head, fits: proposal.fits, summary: summary)) }
        }
        // Where the verdict is required, a person's mending could be merged no more without one.
        if isForeign, seen.status.verified != head {
            actions.append(
                .verify(commit: head, fits: true, summary: "not checked: people have put commits on the branch"))
        }
        let people = seen.spec.reviewers.filter { !(seen.status.asked ?? []).contains($0) }
        if seen.canAskReviewers, !people.isEmpty, seen.request?.isOurs ?? true { actions.append(.askReviewers(people)) }
        var note = held ? "; newer commits wait, for people have put commits on its branch" : ""
        if !held, proposal.remaining > 0 {
            note += "; \(proposal.remaining) more come with later merge requests"
        }
        return Plan(
            actions,
            then: .ready(
                "\(commits) of upstream are proposed as \(proposal.rows.count) patches"
                    + (proposal.fits ? note : ", some of which do not fit\(note)"),
                reason: proposal.fits ? "Proposed" : "ProposedWithConflicts", lookAgain: seen.spec.interval))
    }

    /// Whether the issue says what is to be said, or there is none that could.
    private static func isSettled(_ seen: TrackingObservation, _ text: ProposalText) -> Bool {
        if seen.issueProblem != nil { return true }
        return seen.status.toldIssue == text.digest && (seen.issueIsOpen == true || seen.status.issueProblem != nil)
    }

    /// What is said of a branch with people's commits that does not have all that is new.
    private static func heldText(_ seen: TrackingObservation) -> ProposalText {
        let branch = seen.spec.source.branch
        let covered = seen.branch?.covered
        let text =
            "People have put commits on this branch, so Sluice leaves it as it is. "
            + (covered.map { "It brings upstream's commits up to \($0)" } ?? "It brings what they have put there")
            + "; newer ones wait until it is merged.\n"
        let reach = covered.map { " up to \($0.abbreviated)" } ?? ""
        return ProposalText(
            title: "Patches of upstream's \(branch)\(reach), with people's commits", request: text, issue: text)
    }

    private static func again(_ actions: [TrackingAction]) -> Plan<TrackingAction> {
        Plan(
            actions,
            then: ReconcileResult(
                .unfinished, reason: "Progressing", message: "looked at once more at once", lookAgain: .zero))
    }

    /// Nothing goes on without a person, and whoever reads the open merge request learns of it; upstream is looked at all the
    /// same.
    private static func stuck(
        _ reason: String, _ message: String, until change: String, _ seen: TrackingObservation
    ) -> Plan<TrackingAction> {
        Plan(
            warning(StuckNotice.line("\(message); until \(change)"), seen),
            then: ReconcileResult(
                .stalled(until: change), reason: reason, message: message, lookAgain: seen.spec.interval))
    }

    /// Has our open merge request say a line, or say it no more.
    private static func warning(_ line: String?, _ seen: TrackingObservation) -> [TrackingAction] {
        guard let request = seen.request, request.isOpen, request.isOurs, let id = request.id,
            seen.status.warned != line
        else { return [] }
        return [.warn(id, line: line)]
    }
}
