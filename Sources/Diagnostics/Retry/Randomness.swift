/// Where random numbers come from, so that a test can say what they are.
public struct Randomness: Sendable {
    private let next: @Sendable () -> Double

    /// Makes a source of numbers from 0 up to, not including, 1.
    public init(_ next: @escaping @Sendable () -> Double) { self.next = next }

    /// The system's.
    public static let system = Randomness { Double.random(in: 0..<1) }

    /// A number from 0 up to, not including, 1.
    public func unit() -> Double { next() }

    /// A duration up to a tenth shorter or longer, so that what began together does not stay together.
    public func jittered(_ duration: Duration) -> Duration { duration * (0.9 + 0.2 * unit()) }
}
