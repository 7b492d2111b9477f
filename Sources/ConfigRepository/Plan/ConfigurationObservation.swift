public import DesiredState
public import Diagnostics
public import Forges
public import GitClient
public import StateStore

/// Everything that one pass saw: the source, what is in force, and what is proposed.
public struct ConfigurationObservation: Sendable {
    /// What files say, once they were read and judged as a whole.
    public typealias Content = Result<DesiredState, Refusal>

    /// Why files were not taken.
    public struct Refusal: Error, Hashable, Sendable {
        /// The mistakes, one a line, each with its place.
        public let lines: [String]

        /// Makes a refusal.
        public init(_ lines: [String]) { self.lines = lines }

        /// Makes a refusal of an error: all of its findings, or its own words.
        public init(_ error: any Error) {
            if let error = error as? DiagnosticsError {
                lines = error.diagnostics.map(\.description)
            } else {
                lines = [SluiceError(wrapping: error).description]
            }
        }
    }

    /// The state of the source.
    public struct Head: Sendable {
        /// Which state.
        public var revision: ConfigurationRevision
        /// What it says.
        public var content: Content
        /// Whether it does not contain the revision in force.
        public var isRewritten: Bool

        /// Makes a head.
        public init(revision: ConfigurationRevision, content: Content, isRewritten: Bool = false) {
            self.revision = revision
            self.content = content
            self.isRewritten = isRewritten
        }
    }

    /// A candidate of the config repository.
    public struct Proposal: Sendable {
        /// Its id.
        public var id: CandidateID
        /// Its head.
        public var revision: ObjectID
        /// What would be desired after its merge; nil when it is not judged, because too many are open.
        public var content: Content?

        /// Makes a proposal.
        public init(id: CandidateID, revision: ObjectID, content: Content?) {
            self.id = id
            self.revision = revision
            self.content = content
        }
    }

    /// The head of the source; or why it cannot be seen.
    public var head: Result<Head, SluiceError>
    /// All that is in force, whoever put it there.
    public var inForce: [ResourceInForce]
    /// The revision of this source that is in force.
    public var applied: String?
    /// A person's word.
    public var confirmation: ConfigurationConfirmation
    /// The open candidates; or why they cannot be listed.
    public var proposals: Result<[Proposal], SluiceError>
    /// What was reported before.
    public var memory: ConfigurationMemory
    /// Whether there is a place where the result of a revision can stand.
    public var takesResults: Bool

    /// Makes an observation.
    public init(
        head: Result<Head, SluiceError>, inForce: [ResourceInForce] = [], applied: String? = nil,
        confirmation: ConfigurationConfirmation = ConfigurationConfirmation(),
        proposals: Result<[Proposal], SluiceError> = .success([]),
        memory: ConfigurationMemory = ConfigurationMemory(), takesResults: Bool = true
    ) {
        self.head = head
        self.inForce = inForce
        self.applied = applied
        self.confirmation = confirmation
        self.proposals = proposals
        self.memory = memory
        self.takesResults = takesResults
    }
}

/// What was reported, so that nothing is read and written again and again. It is kept in the object's status; losing it
/// costs nothing but a look.
public struct ConfigurationMemory: Hashable, Sendable, Codable {
    /// A verdict that stands on a candidate.
    public struct Judged: Hashable, Sendable, Codable {
        /// Its head when it was judged.
        public let revision: String
        /// The judgement.
        public let verdict: Int
        /// What was said, as a digest.
        public let digest: String

        /// What is remembered of a report.
        init(_ report: VerdictReport) {
            revision = report.revision.hex
            verdict = report.verdict.rawValue
            digest = Digest.of(report.summary + "\n" + report.body)
        }
    }

    /// The result that stands on a revision, as a digest.
    public var reported: String?
    /// The verdicts that stand on candidates, by id.
    public var candidates: [String: Judged]

    /// Makes a memory.
    public init(reported: String? = nil, candidates: [String: Judged] = [:]) {
        self.reported = reported
        self.candidates = candidates
    }
}
