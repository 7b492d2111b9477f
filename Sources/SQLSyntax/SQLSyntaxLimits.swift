/// How much of a text is looked at.
public struct SQLSyntaxLimits: Sendable, Hashable {
    /// The longest text, in bytes.
    public var length: Int
    /// The deepest nesting, in levels, by an estimate that errs on the high side. With 1000 the parser takes less than
    /// half of a stack of 512 KiB.
    public var nesting: Int

    /// The most parts of a tree that are looked at; rows of data do not count.
    public var parts: Int

    /// Makes limits. What is over them is refused, not cut: a judge must not take a part for the whole.
    public init(length: Int = 512 << 10, nesting: Int = 1000, parts: Int = 200_000) {
        self.length = length
        self.nesting = nesting
        self.parts = parts
    }
}
