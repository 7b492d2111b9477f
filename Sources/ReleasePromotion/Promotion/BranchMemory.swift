import GitClient
import NIOConcurrencyHelpers

/// The merges of branches, remembered by where a branch stood. What a commit holds never changes: a branch that has moved is
/// walked down to where it stood before, and no further.
struct BranchMemory: Sendable {
    private let known = NIOLockedValueBox(Memory<ObjectID, [BranchEvent]>(limit: 2_000))

    /// The merges from a commit on, when they are remembered.
    func events(from commit: ObjectID) -> [BranchEvent]? { known.withLockedValue { $0[commit] } }

    /// Remembers where a branch stands.
    func keep(_ events: [BranchEvent], from head: ObjectID) { known.withLockedValue { $0.keep(events, for: head) } }
}
