import DesiredState
import GitClient

/// What was proposed for which commits, so that a look at what stands on the branch already makes no series again.
///
/// Without the patches themselves: whoever has to push makes them anew, and finds the same commit.
actor ProposalCache {
    /// What a proposal follows from.
    struct Key: Hashable, Sendable {
        let spec: UpstreamSpec
        let cursor: ObjectID
        let head: ObjectID
        let base: ObjectID
        let known: [ObjectID]
        let mentions: [String]
    }

    /// What is remembered of a look.
    struct Known: Sendable {
        /// Nil when there was nothing to propose.
        let proposal: TrackingObservation.Proposal?
        let absorbed: [String]
    }

    private var known: [String: (key: Key, found: Known)] = [:]

    /// How many upstreams are remembered.
    private static let limit = 500

    /// What was found for an upstream, when it was found for exactly this.
    func found(for name: String, _ key: Key) -> Known? { known[name].flatMap { $0.key == key ? $0.found : nil } }

    /// Remembers, in the place of what was known of the upstream before.
    func remember(_ found: Known, for name: String, _ key: Key) {
        if known[name] == nil, known.count >= Self.limit, let other = known.keys.first { known[other] = nil }
        known[name] = (key, found)
    }
}
