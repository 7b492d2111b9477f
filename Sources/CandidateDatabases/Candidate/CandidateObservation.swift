public import Forges
public import GitClient

/// Everything that was seen of one candidate before deciding: the forge, the repository, the server. Nothing in it was
/// remembered, except the last outcome, which only saves work.
public struct CandidateObservation: Sendable {
    /// The template to clone.
    public enum BaseTemplate: Hashable, Sendable {
        /// It is there.
        case ready
        /// It is not there; its reconciler makes it.
        case missing
        /// Master's changelog does not deploy on its own.
        case broken(DeployFailure)
    }

    /// A verdict as it stands on the forge.
    public struct PostedVerdict: Hashable, Sendable {
        /// The vote.
        public var verdict: Verdict
        /// The content key that the text names; nil in a text of another origin.
        public var key: ContentKey?

        /// Makes a verdict as seen.
        public init(verdict: Verdict, key: ContentKey?) {
            self.verdict = verdict
            self.key = key
        }
    }

    /// The outcome of the last deploy, from the status.
    public struct Outcome: Hashable, Sendable {
        /// What was deployed.
        public var key: ContentKey
        /// Why it failed.
        public var failure: DeployFailure

        /// Makes an outcome.
        public init(key: ContentKey, failure: DeployFailure) {
            self.key = key
            self.failure = failure
        }
    }

    /// The candidate's id.
    public var id: String
    /// The name that people read.
    public var publishedName: String
    /// The private name under which it is built.
    public var buildName: String
    /// The name under which a former database waits to be dropped.
    public var retiredName: String
    /// The revision that is asked about: the candidate's head now.
    public var revision: ObjectID
    /// The commit of the target branch that it stands on.
    public var base: ObjectID
    /// What its database should be made of.
    public var key: ContentKey
    /// Whether any watched file differs from the base's.
    public var touchesWatchedPaths: Bool
    /// The template for ``base``.
    public var baseTemplate: BaseTemplate
    /// The database under the name that people read.
    public var published: GateDatabase?
    /// The database under the private build name.
    public var build: GateDatabase?
    /// A failed build that was kept.
    public var kept: GateDatabase?
    /// A former database that was not dropped when its successor took its name.
    public var retired: GateDatabase?
    /// The verdict on exactly ``revision``.
    public var verdict: PostedVerdict?
    /// The last failure, when one is remembered.
    public var lastFailure: Outcome?
    /// A person asked for another attempt: what failed before is tried again.
    public var isRequested: Bool
    /// Failed builds are kept for debugging.
    public var keepsFailedBuilds: Bool
    /// Places left for another database of this candidate, its own present ones counted as free; nil for no limit.
    public var freePlaces: Int?

    /// Makes an observation.
    public init(
        id: String, publishedName: String, buildName: String, retiredName: String, revision: ObjectID, base: ObjectID,
        key: ContentKey,
        touchesWatchedPaths: Bool = true, baseTemplate: BaseTemplate = .ready, published: GateDatabase? = nil,
        build: GateDatabase? = nil, kept: GateDatabase? = nil,
        retired: GateDatabase? = nil, verdict: PostedVerdict? = nil, lastFailure: Outcome? = nil,
        isRequested: Bool = false, keepsFailedBuilds: Bool = false, freePlaces: Int? = nil
    ) {
        self.id = id
        self.publishedName = publishedName
        self.buildName = buildName
        self.retiredName = retiredName
        self.revision = revision
        self.base = base
        self.key = key
        self.touchesWatchedPaths = touchesWatchedPaths
        self.baseTemplate = baseTemplate
        self.published = published
        self.build = build
        self.kept = kept
        self.retired = retired
        self.verdict = verdict
        self.lastFailure = lastFailure
        self.isRequested = isRequested
        self.keepsFailedBuilds = keepsFailedBuilds
        self.freePlaces = freePlaces
    }
}
