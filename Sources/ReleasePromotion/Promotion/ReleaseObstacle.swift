public import DesiredState
public import Diagnostics
public import GitClient
import Reconciliation

/// Why a release does not go on.
public enum ReleaseObstacle: Hashable, Sendable {
    /// The source branch is not there.
    case sourceMissing(String)
    /// The source changes nothing.
    case nothingToRelease
    /// Too few people have approved this tree.
    case notApproved(given: Int, required: Int, tree: ObjectID)
    /// The one who asked is no operator.
    case notAnOperator(String?)
    /// The source has a commit that was not what was merged.
    case sourceMoved(merged: ObjectID, now: ObjectID)
    /// The window opens later.
    case windowNotOpen(ReleaseWindow)
    /// The window is over.
    case windowClosed(ReleaseWindow)
    /// Branches of the walk are not there.
    case branchesMissing([String])
    /// What merges would do must not happen.
    case verdicts([BranchVerdict])
    /// The checks refuse what the release would bring to some places.
    case checksFailed([ReleaseVerdict.Place])
    /// The project is set up so that merging makes no merge commit.
    case noMergeCommits
    /// The window opens too soon after it was asked for.
    case leadTooShort(ReleaseWindow, lead: Duration)
    /// The code host did not merge some branches.
    case mergesFailed([String: String])
    /// What branches got was not deployed in time, and why.
    case notArrived([String: String])
    /// Merges hold something else than their parents give.
    case altered([String])
    /// Stages that do not have it any more, though later branches got it from them.
    case setBack([String])
    /// Merges into branches carry its name and are not of it.
    case nameUsed([String])
    /// It was taken back before.
    case wasRolledBack
    /// It was merged into branches, and somebody undid it there.
    case undone([String])
    /// Branches cannot get it, because nothing carries it on from the stage before.
    case notCarriedOn([String])
    /// It has gone further than it should be.
    case beyondTarget(ReleaseStep)
    /// It was merged into nothing.
    case nothingToRollBack
    /// Newer releases stand on the same lines.
    case newerFirst([String: [ReleaseName]])
    /// Branches from which it cannot be taken back.
    case notReverted(conflicts: [String], gone: [String])
    /// Branches on which somebody brought it again after it was taken back.
    case cameBack([String])
    /// A sync conflicts.
    case syncConflicts(String)
    /// A sync would bring something along.
    case syncCarriesOthers(String)
    /// It was taken back, and the next release would still not be clean.
    case unclean([String])
    /// It is merged into branches.
    case stillMerged([String])

    /// What a merge would do to a branch.
    public struct BranchVerdict: Hashable, Sendable {
        /// The branch.
        public var branch: String
        /// The verdict.
        public var verdict: RehearsalVerdict
        /// The files in which it conflicts, or the releases that would come along.
        public var places: [String]

        /// Makes a verdict.
        public init(branch: String, verdict: RehearsalVerdict, places: [String] = []) {
            self.branch = branch
            self.verdict = verdict
            self.places = places
        }
    }
}

extension ReleaseObstacle {
    /// What it is, for programs.
    public var code: SluiceError.Code {
        switch self {
        case .sourceMissing: "release.source-missing"
        case .nothingToRelease: "release.nothing-to-release"
        case .notApproved: "release.not-approved"
        case .notAnOperator: "release.not-an-operator"
        case .sourceMoved: "release.source-moved"
        case .windowNotOpen: "release.window-not-open"
        case .windowClosed: "release.window-closed"
        case .branchesMissing: "release.branch-missing"
        case .verdicts: "release.rehearsal-failed"
        case .checksFailed: "release.checks-failed"
        case .noMergeCommits: "release.no-merge-commits"
        case .leadTooShort: "release.lead-too-short"
        case .mergesFailed: "release.merge-failed"
        case .notArrived: "release.not-arrived"
        case .altered: "release.merge-altered"
        case .setBack: "release.set-back"
        case .nameUsed: "release.name-used"
        case .wasRolledBack: "release.was-rolled-back"
        case .undone: "release.undone"
        case .notCarriedOn: "release.not-carried-on"
        case .beyondTarget: "release.beyond-target"
        case .nothingToRollBack: "release.nothing-to-roll-back"
        case .newerFirst: "release.newer-first"
        case .notReverted: "release.not-reverted"
        case .cameBack: "release.came-back"
        case .syncConflicts: "release.sync-conflicts"
        case .syncCarriesOthers: "release.sync-carries-others"
        case .unclean: "release.rollback-unclean"
        case .stillMerged: "release.still-merged"
        }
    }

    /// What it is, in a sentence for people.
    public var message: String {
        switch self {
        case .sourceMissing(let branch): "there is no branch \(branch) to be released"
        case .nothingToRelease: "the source changes nothing that the first stage does not have"
        case .notApproved(let given, let required, let tree):
            "\(given) of \(required) approvals for the tree \(tree.abbreviated)"
        case .notAnOperator(let who): "\(who ?? "nobody") asked for it, who is not among the operators"
        case .sourceMoved(let merged, let now):
            "the source stands at \(now.abbreviated), but \(merged.abbreviated) was merged"
        case .windowNotOpen(let window): "its window, \(window), is not open yet"
        case .windowClosed(let window): "its window, \(window), is over"
        case .branchesMissing(let branches): "there is no branch \(Self.list(branches))"
        case .verdicts(let verdicts):
            Self.sentences(
                verdicts.map { verdict in
                    let files = verdict.places.isEmpty ? "" : " (\(Self.list(verdict.places)))"
                    return "\(verdict.branch) \(verdict.verdict.sentence)\(files)"
                })
        case .checksFailed(let places):
            ReleaseVerdict(places: places).sentence
        case .noMergeCommits: "the project on the code host is set up to merge without merge commits"
        case .leadTooShort(let window, let lead):
            "its window, \(window), opens less than \(ConfigurationDuration.format(lead)) after it was asked for"
        case .mergesFailed(let reasons):
            Self.sentences(reasons.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
        case .notArrived(let reasons):
            Self.sentences(
                reasons.sorted { $0.key < $1.key }.map { "\($0.key) was merged and not deployed in time: \($0.value)" })
        case .altered(let branches): "the merge on \(Self.list(branches)) holds more than a merge of its parents gives"
        case .setBack(let branches):
            "\(Self.list(branches)) lost it, though later branches got it from there"
        case .nameUsed(let branches):
            "\(Self.list(branches)) got a release of this name that was not made of its source"
        case .wasRolledBack: "it was taken back: the same commits cannot be released again"
        case .undone(let branches): "it was merged into \(Self.list(branches)) and undone there"
        case .notCarriedOn(let branches):
            "there is no merge in the stage before that \(Self.list(branches)) could get it by"
        case .beyondTarget(let step): "\(step) has the release, which is further than it should be"
        case .nothingToRollBack: "it was merged into no branch"
        case .newerFirst(let newer):
            Self.sentences(
                newer.sorted { $0.key < $1.key }.map { branch, releases in
                    "on \(branch) \(Self.list(releases.map(\.release))) changed the same lines later"
                })
        case .notReverted(let conflicts, let gone):
            [
                conflicts.isEmpty ? nil : "a later commit changed the same lines on \(Self.list(conflicts))",
                gone.isEmpty ? nil : "there is no branch \(Self.list(gone)) any more",
            ].compactMap(\.self).joined(separator: "; ")
        case .cameBack(let branches): "it was taken back from \(Self.list(branches)), and somebody brought it again"
        case .syncConflicts(let branch): "merging the reverts into \(branch) conflicts"
        case .syncCarriesOthers(let branch): "merging the reverts into \(branch) would bring another release along"
        case .unclean(let branches):
            "it was taken back, but the next release would not be clean on \(Self.list(branches))"
        case .stillMerged(let branches): "it is merged into \(Self.list(branches))"
        }
    }

    /// What to do about it.
    public var cure: String {
        switch self {
        case .sourceMissing: "push the branch, or correct spec.source"
        case .nothingToRelease: "commit a change; what was merged and taken back needs a new branch"
        case .notApproved: "have it approved: sluice release approve"
        case .notAnOperator: "one of spec.operators has to ask"
        case .sourceMoved(let merged, _):
            "set the branch back to \(merged), or take the new commit into another release"
        case .windowNotOpen: "wait, or declare an emergency with a second person and a reason"
        case .windowClosed: "give it another window, or declare an emergency with a second person and a reason"
        case .branchesMissing: "push the branches, or take them out of the batches"
        case .verdicts(let verdicts):
            Set(verdicts.compactMap(\.verdict.cure)).sorted().joined(separator: "; ")
        case .checksFailed: "mend the files on the source branch and have it approved again"
        case .noMergeCommits:
            "allow merge commits in the project's settings: a release is found again, and taken back, by them"
        case .leadTooShort: "give it a later window, or declare an emergency with a second person and a reason"
        case .mergesFailed: "mend what the code host says, then: sluice release resume"
        case .notArrived:
            "look at r10k's log there; the release goes on by itself when a record tells of the merge, or roll back"
        case .altered:
            "somebody decided or changed something while merging: accept the merge's tree, take that out, or roll back"
        case .setBack: "restore the branch, or roll the release back from the others"
        case .nameUsed: "cancel it, and take a name that no release has had"
        case .wasRolledBack: "cancel it, and begin a new release from a new branch"
        case .undone: "roll it back everywhere and begin a new release, or revert the revert on these branches"
        case .notCarriedOn: "the stage was moved without a merge commit: merge by hand, or begin a new release"
        case .beyondTarget: "raise the target, or roll back: nothing is taken back otherwise"
        case .nothingToRollBack: "cancel it"
        case .newerFirst: "roll the newer releases back first, the newest of them first"
        case .notReverted: "take the later commits back or restore the branches, then: sluice release resume"
        case .cameBack: "revert there what brought it again, or leave it: this is no part of the release any more"
        case .syncConflicts: "merge them there by hand"
        case .syncCarriesOthers: "use the shared revert, or wait until the other release is through"
        case .unclean: "look at the rehearsal: somebody's own reverts were not merged on"
        case .stillMerged: "roll it back first"
        }
    }

    /// The obstacle as an error.
    public var error: SluiceError { SluiceError(code, .stalled, message, hint: cure) }

    /// How the release stands with it.
    var result: ReconcileResult { .stalled(message, reason: reason, until: cure) }

    /// The code as one word: `release.not-approved` is `NotApproved`.
    private var reason: String {
        code.rawValue.dropFirst("release.".count).words(at: "-")
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The first sentences, each cut: what a condition has no room for would be news in every pass.
    private static func sentences(_ all: [String]) -> String {
        let scrubber = TextScrubber(limit: 400)
        let shown = all.prefix(8).map { scrubber.scrub($0) }.joined(separator: "; ")
        return all.count > 8 ? "\(shown); and \(all.count - 8) more" : shown
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(8).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}
