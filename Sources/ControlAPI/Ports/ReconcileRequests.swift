public import DesiredState

/// Where wishes that something be looked at go. They are hints: the sweep would find it anyway.
public protocol ReconcileRequests: Sendable {
    /// Asks for one object to be looked at, because a person did. Returns the pass that will answer, to be found again
    /// in ``StateStore/Run/pass``.
    ///
    /// - Parameter confirmation: What the person allows once, beyond what is allowed anyway.
    func reconcile(_ key: ResourceKey, confirming confirmation: ReconcileConfirmation) async throws -> Int64
    /// Whether a pass over an object has come to its end, good or bad.
    func isAnswered(_ key: ResourceKey, pass: Int64) async throws -> Bool
}

/// What a person allows once with a request.
public struct ReconcileConfirmation: Hashable, Sendable {
    /// How many deletions, beyond the budget; nil for none.
    public var deletions: Int?
    /// Of desired state: the revision that may come into force although history was rewritten for it.
    public var revision: String?

    /// Makes a confirmation.
    public init(deletions: Int? = nil, revision: String? = nil) {
        self.deletions = deletions
        self.revision = revision
    }
}
