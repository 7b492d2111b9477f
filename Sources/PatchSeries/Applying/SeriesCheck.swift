public import GitClient

/// What becomes of each patch of a series that is applied to a tree, one on the result of the other.
public struct SeriesCheck: Sendable {
    /// What becomes of one patch.
    public struct Step: Sendable {
        /// What becomes of it.
        public let application: PatchApplication
        /// The tree after it; the one before it when it does not apply.
        public let tree: ObjectID
        /// Whether an earlier patch did not apply, so that this one met another tree than it was made for.
        public let followsConflict: Bool
    }

    /// What becomes of the patches, in their order.
    public let steps: [Step]
    /// The tree in the end.
    public let tree: ObjectID

    /// Whether every patch applies or has been applied.
    public var isApplicable: Bool { steps.allSatisfy { $0.application.status != .conflict } }

    /// Applies patches to a tree in memory. One that does not apply is left out, and the next ones are tried without it.
    /// - Parameter budget: What may be spent for all of them on looking for what hunks that fit nowhere look most like.
    public init(
        of patches: [Patch], on tree: ObjectID, in speculation: Speculation, limits: PatchLimits = PatchLimits(),
        seekingWith budget: SearchBudget = SearchBudget()
    ) throws {
        var budget = budget
        var current = tree
        var isBroken = false
        var steps: [Step] = []
        for patch in patches {
            let source = TreeSource(current, in: speculation, limits: limits)
            let application = try PatchApplier(limits: limits).apply(patch, to: source, seekingWith: &budget)
            current = try application.tree(from: current, in: speculation)
            steps.append(Step(application: application, tree: current, followsConflict: isBroken))
            isBroken = isBroken || application.status == .conflict
        }
        self.steps = steps
        self.tree = current
    }
}
