/// How much a directory of desired state may ask for. Beyond is refused, whatever it says.
public struct ReadingLimits: Hashable, Sendable {
    /// How large a file may be, in bytes.
    public var fileSize: Int
    /// How many files a directory may have.
    public var files: Int
    /// How deep directories may nest.
    public var directoryDepth: Int
    /// How deep lists and mappings may nest.
    public var depth: Int
    /// How many nodes a file may have, each use of an alias counted as a copy of its target.
    public var nodes: Int
    /// How large a file may grow through its aliases in the worst case, in bytes.
    public var expandedSize: Int

    /// Makes limits; those not given are far beyond any honest use.
    public init(
        fileSize: Int = 4 << 20, files: Int = 10_000, directoryDepth: Int = 32, depth: Int = 100,
        nodes: Int = 200_000, expandedSize: Int = 16 << 20
    ) {
        self.fileSize = fileSize
        self.files = files
        self.directoryDepth = directoryDepth
        self.depth = depth
        self.nodes = nodes
        self.expandedSize = expandedSize
    }
}
