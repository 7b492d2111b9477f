public import GitClient

/// The way of a release over branches, and where everything stands.
public struct Walk: Hashable, Sendable {
    /// The stages, in order.
    public var stages: [String]
    /// The zones, batch by batch.
    public var batches: [[String]]
    /// Where branches stand.
    public var heads: [String: ObjectID]
    /// The merges by which branches got the release.
    public var merges: [String: ObjectID]

    /// Makes a walk.
    public init(
        stages: [String], batches: [[String]], heads: [String: ObjectID], merges: [String: ObjectID] = [:]
    ) {
        self.stages = stages
        self.batches = batches
        self.heads = heads
        self.merges = merges
    }

    /// The steps with their branches.
    public var steps: [(id: ReleaseStep, branches: [String])] {
        stages.map { (.stage($0), [$0]) } + batches.enumerated().map { (.batch($0.offset + 1), $0.element) }
    }
}

/// Reads pins out of a tree, given its files: by module what is pinned; nil when the tree has none to read.
///
/// It is called with trees that exist in memory only, on the thread of the mirror.
public typealias PinReading = @Sendable (_ file: (_ path: String) throws -> [UInt8]?) throws -> [String: String]?
