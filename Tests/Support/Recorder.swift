import NIOConcurrencyHelpers

/// Keeps what is written to it, from any task.
public final class Recorder: Sendable {
    private let written = NIOLockedValueBox("")

    /// Makes one that has kept nothing yet.
    public init() {}

    /// Everything so far.
    public var text: String { written.withLockedValue(\.self) }

    /// Keeps more.
    public func append(_ text: String) { written.withLockedValue { $0 += text } }
}
