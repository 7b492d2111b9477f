import NIOConcurrencyHelpers

/// Keeps what is written to it, from any task.
final class Recorder: Sendable {
    private let written = NIOLockedValueBox("")

    /// Everything so far.
    var text: String { written.withLockedValue(\.self) }

    func append(_ text: String) { written.withLockedValue { $0 += text } }
}
