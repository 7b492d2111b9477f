/// Named places at the boundaries of effects where a test, or an operator who rehearses a disaster, may interfere.
///
/// Around each action `A` of a run, the engine and the domains reach, in this order:
///
/// | point | what is true there |
/// |---|---|
/// | `before:A` | the action is recorded as running; its effect is not there |
/// | `after:A` | the effect is there; the record still says running |
/// | `recorded:A` | the effect is there and recorded |
///
/// The engine itself has the "actions" `claim` (`after:` only), `plan` (`recorded:` only) and `end`. A domain may reach
/// points of its own inside an action: `before:post-comment`.
///
/// An implementation may return (nothing happens), throw any error (the action fails with it), throw
/// ``SimulatedCrash`` (everything is left as a killed process would leave it), suspend as long as it likes, or really
/// kill the process.
public protocol Failpoints: Sendable {
    /// Called whenever execution gets to a point.
    func reached(_ point: String) async throws
}

/// Interferes nowhere: what production uses.
public struct NoFailpoints: Failpoints {
    /// Makes it.
    public init() {}
    /// Does nothing.
    public func reached(_ point: String) {}
}

/// The process "dies" here: thrown out of a failpoint, it ends the engine at once, and nothing is recorded, released or
/// tidied on the way. What catches errors in order to act on them must let this one pass.
public struct SimulatedCrash: Error, Hashable, CustomStringConvertible {
    /// Where it happened.
    public let point: String

    /// Makes the crash at a point.
    public init(at point: String) { self.point = point }

    /// Where it happened, for test logs.
    public var description: String { "simulated crash at \(point)" }
}
