import NIOConcurrencyHelpers

/// Failpoints for tests: they write down what was reached, and interfere where a script says.
public final class ScriptedFailpoints: Failpoints {
    /// Called at each point with its name and how often it was reached, this time included.
    public typealias Script = @Sendable (_ point: String, _ times: Int) async throws -> Void

    private let script: Script
    private let points = NIOLockedValueBox<[String]>([])

    /// Makes failpoints that write down, and do what `script` does.
    public init(_ script: @escaping Script = { _, _ in }) { self.script = script }

    /// Makes failpoints at which the process "dies" when a point is reached for the `occurrence`th time, from 1.
    public convenience init(crashAt point: String, occurrence: Int = 1) {
        self.init { reached, times in
            if reached == point, times == occurrence { throw SimulatedCrash(at: point) }
        }
    }

    /// Every point that was reached, in order.
    public var trace: [String] { points.withLockedValue(\.self) }

    /// Writes the point down and does what is scripted for it.
    public func reached(_ point: String) async throws {
        let times = points.withLockedValue { points in
            points.append(point)
            return points.count { $0 == point }
        }
        try await script(point, times)
    }
}
