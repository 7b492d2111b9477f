/// All that is taken from a webhook's body: which repository, and what in it, is worth another look. What is there is
/// asked from the forge; no commit, state, name or text of a body decides anything.
public struct WebhookHint: Hashable, Sendable, Codable {
    /// What happened, in the sender's word, for people.
    public let event: String
    /// The project's path on its forge, such as `registries/land`.
    public let project: String?
    /// Where the body says the repository lies.
    public let addresses: Set<RepositoryAddress>
    /// The reference that changed, such as `refs/heads/master`.
    public let reference: String?
    /// The candidate that changed, as its forge numbers it.
    public let candidate: String?

    /// Makes a hint.
    public init(
        event: String, project: String?, addresses: Set<RepositoryAddress> = [], reference: String? = nil,
        candidate: String? = nil
    ) {
        self.event = event
        self.project = project
        self.addresses = addresses
        self.reference = reference
        self.candidate = candidate
    }
}

/// What a genuine delivery says.
public enum WebhookReading: Hashable, Sendable {
    /// Look there.
    case hint(WebhookHint)
    /// It is understood, and nothing of it concerns us, for this reason.
    case nothing(String)
    /// It cannot be understood, for this reason, which repeats nothing of the body.
    case unreadable(String)
}
