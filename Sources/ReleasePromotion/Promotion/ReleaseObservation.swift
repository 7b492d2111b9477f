public import DesiredState
import Diagnostics
public import Foundation
public import GitClient

/// Everything that a pass over a release saw: what is desired, where the branches stand, what was merged and taken back,
/// and what the next merges would do.
public struct ReleaseObservation: Hashable, Sendable {
    /// A commit that is released, and its tree, which is what people approve.
    public struct Origin: Hashable, Sendable {
        /// The commit.
        public var commit: ObjectID
        /// Its tree.
        public var tree: ObjectID

        /// Makes an origin.
        public init(commit: ObjectID, tree: ObjectID) {
            self.commit = commit
            self.tree = tree
        }
    }

    /// Who the release is.
    public var release: ReleaseName
    /// What is desired of it.
    public var spec: ReleaseSpec
    /// What its control repository says.
    public var rules: ControlRepositorySpec
    /// The time of the pass.
    public var now: Date
    /// Where the source branch stands; nil when it is gone.
    public var source: Origin?
    /// What the first stage got; nil while nothing is merged.
    public var promoted: Origin?
    /// The branches: where they stand, and by which merges they got the release.
    public var walk: Walk
    /// What the merges that are left would do; nil when there is nothing that could be merged.
    public var rehearsal: Rehearsal?
    /// What the checks say of the source and of what the merges would give; nil when nothing is checked.
    public var verdict: ReleaseVerdict?
    /// What lies between the pins that the merges would change, where the modules' repositories could be asked.
    public var pinCommits: [PinChange: PinCommits] = [:]
    /// Whether merging makes merge commits on the code host.
    public var makesMergeCommits = true
    /// Since when its present window is asked for; nil when it has none.
    public var windowSince: Date?
    /// What was said last of the source's checks, and of which commit; nil before that.
    public var verified: String?
    /// Branches whose merge holds something else than a merge of its parents gives, with its tree.
    public var altered: [String: ObjectID]
    /// Branches with merges of the release's name that are not the release's.
    public var strangers: [String]
    /// How taking back stands, by the branches that have or had the release.
    public var rollback: RollbackSight
    /// What has to be deployed, by the branches that got something.
    public var deploys: [String: ExpectedDeploy]
    /// How deploys stand, by the branches where they are to be proved.
    public var arrivals: [String: Arrival]
    /// The release's short-lived branches on the code host.
    public var shortLived: [String: ObjectID]
    /// Branches that are named like these, and hold somebody's commits. They are left alone.
    public var foreignBranches: [String]
    /// Whether a cancellation is through with the source branch.
    public var isSourceDeleted: Bool
    /// Where the source branch stood when the release was looked at before it was cancelled.
    public var knownSource: ObjectID?
    /// Whether another release that goes on names the same source branch.
    public var isSourceShared: Bool
    /// What came of the merges that passes before have begun and nobody has looked at since.
    var proofs: [Proof] = []
    /// Why branches could not be merged when it was tried last. They are not tried again until somebody asks.
    public var failures: [String: String]

    /// Makes an observation.
    public init(
        release: ReleaseName, spec: ReleaseSpec, rules: ControlRepositorySpec, now: Date, source: Origin? = nil,
        promoted: Origin? = nil, walk: Walk, rehearsal: Rehearsal? = nil, verdict: ReleaseVerdict? = nil,
        verified: String? = nil, altered: [String: ObjectID] = [:], strangers: [String] = [],
        rollback: RollbackSight = RollbackSight(),
        deploys: [String: ExpectedDeploy] = [:], arrivals: [String: Arrival] = [:],
        shortLived: [String: ObjectID] = [:], foreignBranches: [String] = [], isSourceDeleted: Bool = false,
        knownSource: ObjectID? = nil, isSourceShared: Bool = false, failures: [String: String] = [:]
    ) {
        self.release = release
        self.spec = spec
        self.rules = rules
        self.now = now
        self.source = source
        self.promoted = promoted
        self.walk = walk
        self.rehearsal = rehearsal
        self.verdict = verdict
        self.verified = verified
        self.altered = altered
        self.strangers = strangers
        self.rollback = rollback
        self.deploys = deploys
        self.arrivals = arrivals
        self.shortLived = shortLived
        self.foreignBranches = foreignBranches
        self.isSourceDeleted = isSourceDeleted
        self.knownSource = knownSource
        self.isSourceShared = isSourceShared
        self.failures = failures
    }

    /// A merge that was begun, and what came of it.
    struct Proof: Hashable, Sendable {
        let begun: BegunMerge
        let result: MergeProof
    }

    /// Takes in what came of merges that were begun: what differs is a reason to stop, until somebody who was told asks for
    /// something.
    mutating func prove(
        _ begun: [BegunMerge], at generation: Int64?, by proof: (BegunMerge) throws -> MergeProof?
    ) rethrows {
        for begun in begun where begun.toldAt == nil || begun.toldAt == generation {
            guard let result = try proof(begun), result != .open else { continue }
            proofs.append(Proof(begun: begun, result: result))
            guard isGoing, case .differs(let words) = result else { continue }
            failures[begun.merge.target] = begun.error(words).description
        }
    }

    /// What is held against merges, as told with a version of the spec.
    func doubts(toldAt generation: Int64?) -> [BegunMerge] {
        guard isGoing else { return [] }
        return proofs.compactMap { proof in
            guard case .differs = proof.result else { return nil }
            return BegunMerge(proof.begun.merge, isDone: proof.begun.isDone, toldAt: generation)
        }
    }

    /// Whether it is wanted anywhere, and not taken back or given up.
    var isGoing: Bool { ![.rolledBack, .cancelled].contains(spec.target) }

    /// What is approved and released: what was merged, or what the source branch holds while nothing is.
    public var origin: Origin? { promoted ?? source }

    /// Whether a branch has the release, by a merge of its own or otherwise.
    public func has(_ branch: String) -> Bool {
        walk.merges[branch] != nil || promoted != nil && rehearsal?[branch]?.verdict == .nothingToDo
    }

    /// Whether a merge moves files: there two programs may merge differently.
    func movesFiles(_ merge: BranchMerge) -> Bool {
        var trial = rehearsal?[merge.target]?.trial
        if merge.kind == .revert, case .open(let revert) = rollback.branches[merge.target] { trial = revert }
        return trial?.changes.contains { $0.oldPath != nil } ?? false
    }

    /// Whether nothing more has to be deployed on a branch.
    func isDeployed(_ branch: String) -> Bool { arrivals[branch]?.isProved ?? true }

    /// How many steps of the walk are asked for; nil when something else is.
    var wantedSteps: Int? { spec.steps(to: spec.target, rules) }
}
