public import GitClient

/// A merge request, pull request or Gerrit change, as the host tells of it.
public struct MergeRequest: Hashable, Sendable {
    /// What became of it.
    public enum State: Hashable, Sendable {
        /// It can be merged or closed.
        case open
        /// It was merged; the commit that did it, where the host tells.
        case merged(as: ObjectID?)
        /// It was closed without a merge.
        case closed
        /// A word that we do not know.
        case unknown(String)
    }

    /// Whether the host would merge it.
    public enum Mergeability: Hashable, Sendable {
        /// It would.
        case mergeable
        /// It is finding out: ask again later.
        case checking
        /// The two sides cannot be merged by a machine.
        case conflicting
        /// A rule forbids it for now; the host's own word for the rule.
        case blocked(String)
        /// A word that we do not know, or none.
        case unknown(String)
    }

    /// Its name on the host.
    public let id: CandidateID
    /// Its title.
    public let title: String
    /// Its text; empty for none.
    public let body: String
    /// What became of it.
    public let state: State
    /// The branch it comes from; nil where the host knows none.
    public let source: RefName?
    /// The branch it goes into.
    public let target: RefName
    /// The commit that would be merged.
    public let head: ObjectID
    /// Whether the host would merge it.
    public let mergeability: Mergeability
    /// Its labels, sorted.
    public let labels: [String]
    /// Whether our own account opened it.
    public let isOurs: Bool
    /// Its page for people.
    public let webURL: String?

    /// Makes a merge request. The title is cut to one line of at most 300 characters.
    public init(
        id: CandidateID, title: String, body: String = "", state: State, source: RefName?, target: RefName,
        head: ObjectID, mergeability: Mergeability = .unknown(""), labels: [String] = [], isOurs: Bool,
        webURL: String? = nil
    ) {
        self.id = id
        self.title = SingleLine.of(title, limit: 300)
        self.body = body
        self.state = state
        self.source = source
        self.target = target
        self.head = head
        self.mergeability = mergeability
        self.labels = labels.sorted()
        self.isOurs = isOurs
        self.webURL = webURL
    }
}

/// A merge request that is to be opened.
public struct MergeRequestProposal: Hashable, Sendable {
    /// The branch it comes from.
    public let source: RefName
    /// The commit at which the source branch must stand.
    public let head: ObjectID
    /// The branch it goes into.
    public let target: RefName
    /// Its title, one line.
    public let title: String
    /// Its text.
    public let body: String
    /// Its labels; none are set where the host has none.
    public let labels: [String]

    /// Makes a proposal. The title is cut to one line of at most 250 characters, which every host takes.
    public init(
        source: RefName, head: ObjectID, target: RefName, title: String, body: String = "", labels: [String] = []
    ) {
        self.source = source
        self.head = head
        self.target = target
        self.title = SingleLine.of(title, limit: 250)
        self.body = body
        self.labels = labels.sorted()
    }
}

/// What is to be made of a merge request or an issue; what is nil is left as it is.
public struct MergeRequestChange: Hashable, Sendable {
    /// The title.
    public let title: String?
    /// The text.
    public let body: String?
    /// All labels; others are taken away.
    public let labels: [String]?

    /// Makes a change. The title is cut to one line of at most 250 characters.
    public init(title: String? = nil, body: String? = nil, labels: [String]? = nil) {
        self.title = title.map { SingleLine.of($0, limit: 250) }
        self.body = body
        self.labels = labels?.sorted()
    }
}

/// What became of a merge.
public enum MergeOutcome: Hashable, Sendable {
    /// It was merged now.
    case merged(as: ObjectID?)
    /// It had been merged before, at the expected head.
    case alreadyMerged(as: ObjectID?)
}
