/// What somebody says of a commit.
public struct CommitStatus: Hashable, Sendable {
    /// How it stands.
    public enum State: Hashable, Sendable {
        /// Not begun.
        case pending
        /// Under way.
        case running
        /// Good.
        case success
        /// Bad.
        case failed
        /// Stopped before there was an answer.
        case cancelled
        /// A word that we do not know.
        case unknown(String)
    }

    /// What it is about: `sluice/gate`. One commit has one status of each context.
    public let context: String
    /// How it stands. Hosts that know fewer states read back ``State/pending`` for ``State/running``, and
    /// ``State/failed`` for ``State/cancelled``.
    public let state: State
    /// One line for people.
    public let summary: String
    /// A page with more; nil for none.
    public let webURL: String?

    /// Makes a status. The summary is cut to one line of at most 140 characters, which every host takes.
    public init(context: String, state: State, summary: String = "", webURL: String? = nil) {
        self.context = SingleLine.of(context, limit: 200)
        self.state = state
        self.summary = SingleLine.of(summary, limit: 140)
        self.webURL = webURL
    }
}
