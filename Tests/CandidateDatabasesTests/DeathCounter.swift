import NIOConcurrencyHelpers

/// Counts how often a controller died, from several tasks.
final class DeathCounter: Sendable {
    private let deaths = NIOLockedValueBox(0)
    var value: Int { deaths.withLockedValue(\.self) }
    func count() { deaths.withLockedValue { $0 += 1 } }
}
