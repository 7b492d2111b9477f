/// What one changelog may cost. Everything that a candidate's author controls has a limit, and each limit has its own
/// error, so that hostile input ends in a sentence and not in an exhausted process.
public struct ChangelogLimits: Sendable, Hashable {
    /// Bytes of one file. Default 32 MiB.
    public var bytesPerFile = 32 << 20
    /// Bytes of all files together, each include counted. Default 128 MiB.
    public var totalBytes = 128 << 20
    /// Files read, each include counted. Default 20 000.
    public var files = 20_000
    /// How deep files include files. Default 64.
    public var includeDepth = 64
    /// How deep elements stand in elements. Default 100.
    public var nodeDepth = 100
    /// Elements and attributes of one file after YAML aliases are followed. Default 2 000 000.
    public var nodesPerFile = 2_000_000
    /// Bytes that property expansion may add to one file's text. Default 8 MiB.
    public var expandedBytes = 8 << 20
    /// Bytes that property expansion may add to all files together. Default 64 MiB.
    public var totalExpandedBytes = 64 << 20
    /// Paths that all `includeAll` together may look through. Default 1 000 000.
    public var pathsListed = 1_000_000
    /// Attributes of one XML element. Default 500.
    public var attributes = 500
    /// Characters of a context expression or a list of labels. Default 1000.
    public var expressionLength = 1000
    /// How deep a property may refer to properties. Default 50.
    public var propertyDepth = 50
    /// Findings after which reading stops. Default 200.
    public var findings = 200

    /// The defaults.
    public init() {}
}
