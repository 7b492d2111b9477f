public import Foundation

/// A Puppet control repository: a git project whose long-lived branches are environments. Releases walk from stage to
/// stage, and from the last stage into the zones, batch by batch.
public struct ControlRepositorySpec: Hashable, Sendable {
    /// The ``ForgeSpec`` by name that hosts the project.
    public let forge: String
    /// The project on the forge.
    public let project: String
    /// The stage branches, in the order in which a release passes them. The zones are merged from the last one.
    public let stages: [String]
    /// Which branches are zones.
    public let zones: ZoneSelection
    /// What is checked of a source and of every result of a merge.
    public let checks: ControlChecks
    /// Where the modules that Puppetfiles pin are to be found, by their installed names; for looking up pins.
    public let modules: [String: ModuleRepository]
    /// How merge requests are merged.
    public let mergeMethod: MergeMethod
    /// How many zones of a batch are merged at a time.
    public let parallelMerges: Int
    /// How a release is taken back.
    public let rollback: RollbackStyle
    /// The rules for the windows of releases.
    public let windows: WindowRules
    /// Whose approval a release needs.
    public let approvals: ApprovalRules
    /// How branches are watched.
    public let drift: DriftPolicy
    /// Where to read that a merge has been deployed, by zone.
    public let arrival: [String: ArrivalProof]
    /// Why and until when the controller leaves the repository alone; nil when it does not.
    public let suspension: Suspension?

    /// Makes the spec of a control repository.
    public init(
        forge: String, project: String, stages: [String], zones: ZoneSelection = ZoneSelection(),
        checks: ControlChecks = ControlChecks(), modules: [String: ModuleRepository] = [:],
        mergeMethod: MergeMethod = .merge, parallelMerges: Int = 4, rollback: RollbackStyle = .sharedRevert,
        windows: WindowRules = WindowRules(), approvals: ApprovalRules = ApprovalRules(),
        drift: DriftPolicy = DriftPolicy(), arrival: [String: ArrivalProof] = [:], suspension: Suspension? = nil
    ) {
        self.forge = forge
        self.project = project
        self.stages = stages
        self.zones = zones
        self.checks = checks
        self.modules = modules
        self.mergeMethod = mergeMethod
        self.parallelMerges = parallelMerges
        self.rollback = rollback
        self.windows = windows
        self.approvals = approvals
        self.drift = drift
        self.arrival = arrival
        self.suspension = suspension
    }

    /// The suspension that holds at a time; nil when there is none, or it has run out.
    public func suspension(at time: Date) -> Suspension? { suspension.flatMap { $0.holds(at: time) ? $0 : nil } }

    /// Whether a branch is a zone. A stage never is.
    public func isZone(_ branch: String) -> Bool { !stages.contains(branch) && zones.contains(branch) }
}

/// Which branches of a control repository are zones.
public struct ZoneSelection: Hashable, Sendable {
    /// Zones by name.
    public let branches: [String]
    /// Zones by how their names look: `*` stands for any characters but `/`, `?` for one.
    public let patterns: [String]
    /// Branches that are no zones although a pattern fits.
    public let exclude: [String]

    /// The branches that are never zones unless they are named.
    public static let defaultExclude = ["dev", "uat"]

    /// Makes a selection.
    public init(branches: [String] = [], patterns: [String] = [], exclude: [String] = Self.defaultExclude) {
        self.branches = branches
        self.patterns = patterns
        self.exclude = exclude
    }

    /// The beginnings of the names of Sluice's own short-lived branches: no pattern makes zones of them.
    public static let shortLivedPrefixes = ["promo_", "revert_", "sync_", "takeback_", "driftsync_"]

    /// Whether a branch is selected.
    public func contains(_ branch: String) -> Bool {
        if branches.contains(branch) { return true }
        if Self.shortLivedPrefixes.contains(where: { branch.utf8.starts(with: $0.utf8) }) { return false }
        return !exclude.contains(branch) && patterns.contains { BranchPattern($0).matches(branch) }
    }
}

/// How merge requests are merged.
public enum MergeMethod: String, Hashable, Sendable, CaseIterable {
    /// With a merge commit.
    case merge
    /// As one new commit. Refused: between branches that live on, the next promotion would conflict.
    case squash
    /// By moving the branch. Refused: there would be no commit to take back.
    case fastForward = "fast-forward"
}

/// How a release is taken back.
public enum RollbackStyle: String, Hashable, Sendable, CaseIterable {
    /// One revert, made on top of the merge that entered the first stage, is merged into every branch. Nothing has to be
    /// synchronised afterwards.
    case sharedRevert = "shared-revert"
    /// Each branch gets a revert of its own merge; then the reverts are merged from stage to stage and into the zones.
    case revertAndSync = "revert-and-sync"
}

/// The rules for the windows of releases.
public struct WindowRules: Hashable, Sendable {
    /// What becomes of a batch that is running when the window closes.
    public enum Closing: String, Hashable, Sendable, CaseIterable {
        /// It is finished; the next one is not begun.
        case finishBatch = "finish-batch"
        /// No further branch is merged.
        case stop
    }

    /// How long a window must be at least.
    public let minimumLength: Duration
    /// How long before it opens a release must be submitted.
    public let minimumLead: Duration
    /// What becomes of a batch that is running when the window closes.
    public let closing: Closing

    /// Makes rules.
    public init(
        minimumLength: Duration = .seconds(3600), minimumLead: Duration = .zero, closing: Closing = .finishBatch
    ) {
        self.minimumLength = minimumLength
        self.minimumLead = minimumLead
        self.closing = closing
    }
}

/// Whose approval a release needs before anything is merged.
public struct ApprovalRules: Hashable, Sendable {
    /// How many people must approve.
    public let required: Int
    /// Who may approve; nobody named means whoever has the role, but the applicant.
    public let approvers: [String]
    /// The first stage that needs them; nil is the first of all. What comes before is for trying out.
    public let from: String?

    /// Whether somebody is named among those who may approve; nil where nobody is named.
    public func isApprover(_ person: String) -> Bool? {
        approvers.isEmpty ? nil : approvers.contains { $0.isSamePerson(as: person) }
    }

    /// Makes rules.
    public init(required: Int = 1, approvers: [String] = [], from: String? = nil) {
        self.required = required
        self.approvers = approvers
        self.from = from
    }
}

/// Where a module that a Puppetfile pins is to be found.
public struct ModuleRepository: Hashable, Sendable {
    /// The ``ForgeSpec`` by name.
    public let forge: String
    /// The project on the forge.
    public let project: String

    /// Makes the place of a module.
    public init(forge: String, project: String) {
        self.forge = forge
        self.project = project
    }
}

/// What proves that a zone's merges reach the servers: r10k's record of the last deploy, and how soon it has to tell of them.
public struct ArrivalProof: Hashable, Sendable {
    /// Where the record is to be read.
    public enum Place: Hashable, Sendable {
        /// At a URL.
        case url(String)
        /// In a file of this machine.
        case file(String)
    }

    /// Where the record is to be read.
    public let place: Place
    /// How long after a merge the record may take to tell of it.
    public let within: Duration

    /// Makes a proof.
    public init(_ place: Place, within: Duration = Self.defaultPatience) {
        self.place = place
        self.within = within
    }

    /// How long a deploy may take unless it is said.
    public static let defaultPatience = Duration.seconds(1800)
}
