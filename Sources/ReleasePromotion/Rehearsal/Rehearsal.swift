/// What a release would do to every branch of its walk, each step tried on the result of the one before.
public struct Rehearsal: Hashable, Sendable {
    /// Branches that get the release together.
    public struct Step: Hashable, Sendable {
        /// Which step of the walk it is.
        public let id: ReleaseStep
        /// What would become of its branches, in the order of the release.
        public let branches: [BranchRehearsal]

        /// Makes a step.
        public init(id: ReleaseStep, branches: [BranchRehearsal]) {
            self.id = id
            self.branches = branches
        }
    }

    /// The steps: the stages, then the batches.
    public let steps: [Step]
    private let byName: [String: BranchRehearsal]

    /// Makes a rehearsal.
    public init(steps: [Step]) {
        self.steps = steps
        byName = Dictionary(steps.flatMap(\.branches).map { ($0.branch, $0) }) { first, _ in first }
    }

    /// All branches, in the order of the walk.
    public var branches: [BranchRehearsal] { steps.flatMap(\.branches) }

    /// What would become of a branch; nil when the walk does not pass it.
    public subscript(branch: String) -> BranchRehearsal? { byName[branch] }
}

/// A step of a walk: a stage, or a batch of zones.
public enum ReleaseStep: Hashable, Sendable {
    /// A stage, by its branch.
    case stage(String)
    /// A batch, from 1.
    case batch(Int)
}

extension ReleaseStep: CustomStringConvertible {
    /// As a target names it: `uat`, `batch/2`.
    public var description: String {
        switch self {
        case .stage(let branch): branch
        case .batch(let number): "batch/\(number)"
        }
    }
}
