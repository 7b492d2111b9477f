/// How much of a text is looked at.
public struct SQLSyntaxLimits: Sendable, Hashable {
    /// The longest text, in bytes.
    public var length: Int
    /// The deepest nesting, in levels, by an estimate that errs on the high side. With 1000 the parser takes less than
    /// half of a stack of 512 KiB.
    public var nesting: Int

    /// Makes limits.
    public init(length: Int = 1 << 20, nesting: Int = 1000) {
        self.length = length
        self.nesting = nesting
    }
}
