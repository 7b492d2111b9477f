public import GitClient

/// What has to be remembered of a branch from one look to the next, because the branch itself cannot tell.
public struct DriftMemory: Hashable, Sendable {
    /// Where it stood when nothing was lost.
    public var head: ObjectID
    /// Through which commit its merges were made again and compared.
    public var comparedThrough: ObjectID?
    /// The merges that were not what their parents give.
    public var handMade: [HandMadeMerge]

    /// Makes a memory.
    public init(head: ObjectID, comparedThrough: ObjectID? = nil, handMade: [HandMadeMerge] = []) {
        self.head = head
        self.comparedThrough = comparedThrough
        self.handMade = handMade
    }

    /// What to remember after a look. A branch that lost something is compared with what it had until that is back.
    public static func after(_ branch: DriftObservation.Branch, _ before: DriftMemory?) -> DriftMemory? {
        guard let head = branch.head else { return before }
        return DriftMemory(
            head: branch.lost.isEmpty ? head : before?.head ?? head, comparedThrough: head, handMade: branch.handMade)
    }
}
