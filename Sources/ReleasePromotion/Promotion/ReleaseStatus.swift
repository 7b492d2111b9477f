public import DesiredState
import Diagnostics
public import Foundation
import GitClient

/// What the controller says of a release: the whole walk, branch by branch.
public struct ReleaseStatus: Hashable, Sendable, Codable {
    /// One branch of the walk.
    public struct Target: Hashable, Sendable, Codable {
        /// The branch.
        public var branch: String
        /// What became of it.
        public var result: TargetResult
        /// The merge by which it got the release.
        public var merge: String?
        /// What the next merge would do there; nil when it was not tried.
        public var verdict: RehearsalVerdict?
        /// The tree that the branch would have, which is what somebody may accept.
        public var tree: String?
        /// The files in which the next merge would conflict.
        public var conflicts: [String]?
        /// The lines of these files on which both sides differ, as far as there is room.
        public var sides: [Side]?
        /// The files that the next merge would change; at most a hundred.
        public var changes: [String]?
        /// Whether files would be moved: there the code host's own merge can differ from what was tried here, and decides.
        public var movesFiles: Bool?
        /// The pins that the next merge would change.
        public var pins: [Pin]?
        /// Releases that have to be rolled back before this one.
        public var newer: [String]?
        /// Why it could not be merged or reverted when it was tried last.
        public var failure: String?
        /// Whether its merge holds something else than its parents give; then ``tree`` is what that holds.
        public var isAltered: Bool?
        /// Whether what the branch got is deployed; nil where that is not to be proved, or nothing is.
        public var arrival: Arrival?
    }

    /// Lines that both sides of a merge changed.
    public struct Side: Hashable, Sendable, Codable {
        /// The file.
        public var path: String
        /// What the branch has.
        public var ours: String
        /// What would come.
        public var theirs: String
    }

    /// Whether something that a branch got is deployed.
    public struct Arrival: Hashable, Sendable, Codable {
        /// `arrived`, `awaited` or `overdue`.
        public var state: String
        /// The commit that has to be deployed.
        public var expected: String
        /// The commit that is, once it contains what is expected.
        public var deployed: String?
        /// By when it has to be, as ISO 8601.
        public var due: String
        /// Why it is not.
        public var reason: String?
    }

    /// A pin that would change.
    public struct Pin: Hashable, Sendable, Codable {
        /// The module.
        public var module: String
        /// What is pinned now.
        public var old: String?
        /// What would be pinned.
        public var new: String?
    }

    /// A pin that would change on some branch, with what lies between.
    public struct Module: Hashable, Sendable, Codable {
        /// The module.
        public var module: String
        /// What is pinned now.
        public var old: String
        /// What would be pinned.
        public var new: String
        /// How many of its commits come.
        public var added: Int
        /// How many of its commits go.
        public var removed: Int
        /// The newest of those that come, or else of those that go; at most fifty.
        public var commits: [String]
    }

    /// A window, and since when it is asked for.
    public struct WindowWish: Hashable, Sendable, Codable {
        /// The window.
        public var window: String
        /// Since when, as ISO 8601.
        public var since: Date
    }

    /// One step of the walk.
    public struct Step: Hashable, Sendable, Codable {
        /// As a target names it: `uat`, `batch/2`.
        public var name: String
        /// How it stands, by number.
        public var state: BatchState
        /// How it stands, as a word.
        public var word: String
        /// How much of taking it back failed.
        public var rollbackFailure: RollbackFailure?
        /// Its branches.
        public var targets: [Target]
    }

    /// The commit that is released, and its tree, which is what is to be approved.
    public var commit: String?
    /// The tree of ``commit``.
    public var tree: String?
    /// Who approved that tree.
    public var approvedBy: [String]
    /// How many have to.
    public var approvalsRequired: Int
    /// What the checks say, in lines; nil when nothing was checked.
    public var checks: String?
    /// What was said last of the source's checks, and of which commit.
    public var verified: String?
    /// The steps, in order.
    public var steps: [Step]
    /// The modules whose commits between the pins are known, each change once; nil when there are none.
    public var modules: [Module]?
    /// Zones that have the release though they are in no batch.
    public var strays: [Target]
    /// Whether a cancellation is through with the source branch.
    public var isSourceDeleted: Bool
    /// Branches that are named like short-lived ones of the release and hold somebody's commits; nil when there are none.
    public var leftAlone: [String]?
    /// What people have said of the release, in sentences, each of which an event tells of.
    public var words: [String]?
    /// Its window, and since when that is asked for.
    public var window: WindowWish?
    /// Where the source branch stood before the release was cancelled.
    public var source: String?
    /// The generation of the spec with which merges were refused; nil when none were.
    public var stoppedAt: Int64?
    /// The merges that a pass set out to make and none has looked at since, or found to be others; nil when there are none.
    public var begun: [BegunMerge]?
}

extension ReleaseStatus {
    /// What was stored of an earlier pass; nil when there is nothing that can be read.
    public init?(_ status: JSONValue?) {
        guard let status, let decoded = try? status.decode(as: ReleaseStatus.self) else { return nil }
        self = decoded
    }

    /// What earlier passes saw deployed, by branch.
    var arrivals: [String: Arrival] {
        Dictionary(
            (steps.flatMap(\.targets) + strays).compactMap { target in
                target.arrival.flatMap { $0.deployed == nil ? nil : (target.branch, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Why merges were refused, by branch.
    var failures: [String: String] {
        Dictionary(
            (steps.flatMap(\.targets) + strays).compactMap { target in target.failure.map { (target.branch, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// What earlier passes said of a branch.
    var remembered: [String: TargetResult] {
        Dictionary(
            (steps.flatMap(\.targets) + strays).map { ($0.branch, $0.result) }, uniquingKeysWith: { first, _ in first })
    }

    /// Says what was seen.
    init(_ seen: ReleaseObservation) {
        let origin = seen.origin
        let wanted = seen.wantedSteps
        commit = origin?.commit.hex
        tree = origin?.tree.hex
        approvedBy = origin.map { ReleaseRules.approvers(of: $0.tree, seen.spec, seen.rules.approvals) } ?? []
        approvalsRequired = seen.rules.approvals.required
        checks = seen.verdict?.description
        verified = seen.verified
        modules = Module.list(seen.pinCommits)
        isSourceDeleted = seen.isSourceDeleted
        leftAlone = seen.foreignBranches.isEmpty ? nil : seen.foreignBranches
        words = seen.spec.words.isEmpty ? nil : seen.spec.words.map(\.message)
        window = seen.spec.window.flatMap { window in
            seen.windowSince.map { WindowWish(window: window.description, since: $0) }
        }
        begun = seen.proofs.isEmpty ? nil : seen.proofs.map(\.begun)
        source = (seen.spec.target == .cancelled ? seen.knownSource : seen.source?.commit ?? seen.knownSource)?.hex
        let walk = seen.walk.steps
        steps = walk.enumerated().map { index, step in
            let targets = step.branches.map { Target($0, seen) }
            let isTakenBack = seen.spec.target == .rolledBack || seen.rollback.hasBegun
            let results = targets.map { $0.counted(isTakenBack: isTakenBack) }
            let isDone = walk.prefix(index).allSatisfy { $0.branches.allSatisfy(seen.has) }
            let state = BatchState(
                results, arrivals: step.branches.compactMap { seen.arrivals[$0]?.standing },
                isAsked: wanted.map { index < $0 && isDone } ?? false && results.contains(.merged),
                isTakenBack: isTakenBack)
            return Step(
                name: step.id.description, state: state, word: state.word,
                rollbackFailure: state == .rollbackFailed ? RollbackFailure(results) : nil, targets: targets)
        }
        let known = Set(walk.flatMap(\.branches))
        strays = seen.rollback.branches.keys.filter { !known.contains($0) }.sorted().map { Target($0, seen) }
    }
}

extension ReleaseStatus.Target {
    /// Says what was seen of a branch.
    init(_ branch: String, _ seen: ReleaseObservation) {
        self.branch = branch
        merge = seen.walk.merges[branch]?.hex
        failure = seen.failures[branch]
        let isTakenBack = seen.spec.target == .rolledBack
        result = Self.result(of: branch, seen, isTakenBack: isTakenBack)
        var trial = seen.rehearsal?[branch]?.trial
        if isTakenBack, case .open(let revert) = seen.rollback.branches[branch] { trial = revert }
        verdict = trial?.verdict
        isAltered = seen.altered[branch] == nil ? nil : true
        tree = (seen.altered[branch] ?? trial?.result)?.hex
        conflicts = trial.flatMap { $0.conflicts.isEmpty ? nil : $0.conflicts.map(\.path) }
        sides = trial.flatMap { ReleaseStatus.Side.list($0.conflicts) }
        changes = trial.flatMap { $0.changes.isEmpty ? nil : $0.changes.prefix(100).map(\.path) }
        movesFiles = trial?.changes.contains { $0.oldPath != nil } == true ? true : nil
        pins = trial?.pins.map { $0.map { .init(module: $0.module, old: $0.old, new: $0.new) } }
        newer = seen.rollback.newer[branch].flatMap { $0.isEmpty ? nil : $0.map(\.release) }
        arrival = seen.arrivals[branch].map { ReleaseStatus.Arrival($0) }
    }

    /// What it counts as for its step: with the release on it and the last merge refused it is through neither way. A revert
    /// that the code host refuses leaves a branch as it is, like one that conflicts.
    func counted(isTakenBack: Bool) -> TargetResult {
        switch result {
        case .merged where failure != nil: isTakenBack ? .conflict : .failed
        case .present where failure != nil && isTakenBack: .conflict
        default: result
        }
    }

    private static func result(
        of branch: String, _ seen: ReleaseObservation, isTakenBack: Bool
    ) -> TargetResult {
        switch seen.rollback.branches[branch] {
        case .reverted: return .reverted
        case .empty where isTakenBack || seen.rollback.hasBegun: return .empty
        case .gone: return .noTarget
        case .cameBack: return .cameBack
        case .open(let trial) where isTakenBack && trial.verdict != .clean: return .conflict
        case .open where isTakenBack: return seen.walk.merges[branch] == nil ? .present : .merged
        case .open, .empty, nil: break
        }
        if seen.walk.merges[branch] != nil { return .merged }
        // Before anything is promoted, a source that the branch contains is no release of this one.
        if seen.promoted != nil, seen.rehearsal?[branch]?.verdict == .nothingToDo { return .present }
        return seen.failures[branch] == nil ? .waiting : .failed
    }
}

extension ReleaseStatus.Side {
    /// The first lines of each of the first conflicts; nil when there are none.
    static func list(_ conflicts: [MergeConflict]) -> [ReleaseStatus.Side]? {
        let scrubber = TextScrubber(limit: 400)
        let sides = conflicts.prefix(10).compactMap { conflict in
            conflict.hunks.first.map { hunk in
                ReleaseStatus.Side(
                    path: conflict.path, ours: scrubber.scrub(hunk.ours), theirs: scrubber.scrub(hunk.theirs))
            }
        }
        return sides.isEmpty ? nil : sides
    }
}

extension ReleaseStatus.Module {
    /// Lists what lies between pins; nil when nothing is known.
    static func list(_ commits: [PinChange: PinCommits]) -> [ReleaseStatus.Module]? {
        let list = commits.compactMap { change, commits -> ReleaseStatus.Module? in
            guard let old = change.old, let new = change.new else { return nil }
            return .init(
                module: change.module, old: old, new: new, added: commits.added, removed: commits.removed,
                commits: commits.newest)
        }
        return list.isEmpty ? nil : list.sorted { ($0.module, $0.old) < ($1.module, $1.old) }
    }
}

extension ReleaseStatus.Arrival {
    /// Says how a deploy stands.
    init(_ arrival: Arrival) {
        expected = arrival.expected.hex
        due = arrival.due.formatted(.iso8601)
        switch arrival.standing {
        case .arrived(let commit): (state, deployed, reason) = ("arrived", commit.hex, nil)
        case .awaited(let words): (state, deployed, reason) = ("awaited", nil, words)
        case .overdue(let words): (state, deployed, reason) = ("overdue", nil, words)
        }
    }
}
