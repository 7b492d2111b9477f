/// A release of a control repository: the changes of one source branch on their way through stages and zones.
public struct ReleaseSpec: Hashable, Sendable {
    /// The ``ControlRepositorySpec`` by name.
    public let repository: String
    /// The branch with the changes. It is deleted when the release is cancelled.
    public let source: String
    /// One line that says what the release is.
    public let title: String
    /// What is changed and why; nil when nobody said.
    public let description: String?
    /// Who asks for the release; nobody may approve their own. Nil when nobody said.
    public let applicant: String?
    /// The zones, in the order in which they get the release.
    public let batches: [ReleaseBatch]
    /// When merging is allowed; nil means at any time.
    public let window: ReleaseWindow?
    /// Who may release and roll back.
    public let operators: [String]
    /// Who approved, and which tree.
    public let approvals: [ReleaseApproval]
    /// What is accepted on single branches though it is not the release alone.
    public let accepted: [AcceptedResult]
    /// Where the release should be.
    public let target: ReleaseTarget
    /// Who asked for the target; must be one of the operators for anything but a draft and a cancellation.
    public let requestedBy: String?
    /// How often somebody asked. What the code host refused is tried again when this or anything else here changes.
    public let attempt: Int
    /// Why the window does not count, and who else says so; nil when it counts.
    public let emergency: ReleaseEmergency?

    /// Makes the spec of a release.
    public init(
        repository: String, source: String, title: String, description: String? = nil, applicant: String? = nil,
        batches: [ReleaseBatch] = [], window: ReleaseWindow? = nil, operators: [String],
        approvals: [ReleaseApproval] = [], accepted: [AcceptedResult] = [], target: ReleaseTarget = .draft,
        requestedBy: String? = nil, attempt: Int = 0, emergency: ReleaseEmergency? = nil
    ) {
        self.repository = repository
        self.source = source
        self.title = title
        self.description = description
        self.applicant = applicant
        self.batches = batches
        self.window = window
        self.operators = operators
        self.approvals = approvals
        self.accepted = accepted
        self.target = target
        self.requestedBy = requestedBy
        self.attempt = attempt
        self.emergency = emergency
    }

    /// Whether somebody is named among those who may release and roll back.
    public func isOperator(_ person: String?) -> Bool { operators.contains { $0.isSamePerson(as: person) } }

    /// Whether somebody asks for the release.
    public func isApplicant(_ person: String) -> Bool { person.isSamePerson(as: applicant) }

    /// The highest ``attempt``.
    public static let mostAttempts = 1_000_000
}

/// Zones that get a release together.
public struct ReleaseBatch: Hashable, Sendable {
    /// The zones' branches.
    public let zones: [String]

    /// Makes a batch.
    public init(zones: [String]) { self.zones = zones }
}

/// Somebody's word for a tree. Another tree is another release and has to be approved again.
public struct ReleaseApproval: Hashable, Sendable {
    /// Who approved.
    public let by: String
    /// The tree of the source's commit, 40 hexadecimal digits.
    public let tree: String

    /// Makes an approval.
    public init(by: String, tree: String) {
        self.by = by
        self.tree = tree
    }
}

/// That a branch may get exactly this result, though a merge brings more than the release there or less.
public struct AcceptedResult: Hashable, Sendable {
    /// The branch.
    public let branch: String
    /// The tree that the rehearsal shows for it, 40 hexadecimal digits.
    public let tree: String
    /// Who accepted it.
    public let by: String

    /// Makes an acceptance.
    public init(branch: String, tree: String, by: String) {
        self.branch = branch
        self.tree = tree
        self.by = by
    }
}

/// That a release must not wait for its window.
public struct ReleaseEmergency: Hashable, Sendable {
    /// The second person, beside the one who asked for the target.
    public let confirmedBy: String
    /// Why it cannot wait.
    public let reason: String

    /// Makes an emergency.
    public init(confirmedBy: String, reason: String) {
        self.confirmedBy = confirmedBy
        self.reason = reason
    }
}
