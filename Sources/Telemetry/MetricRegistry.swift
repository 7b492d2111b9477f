import NIOConcurrencyHelpers

/// Where the process counts what happens. Safe to use from everywhere; nothing waits for it.
public final class MetricRegistry: Sendable {
    /// The most combinations of labels that are kept apart for one metric; what comes later is counted together.
    static let mostSeries = 2_000
    /// What stands in the place of labels that are not kept apart.
    static let other = "other"

    /// What was counted under some labels.
    struct Series: Hashable, Sendable {
        /// The sum, or the count of a counter.
        var total = 0.0
        /// How many were observed.
        var count: UInt64 = 0
        /// How many were within each bound, and not within the one before.
        var buckets: [UInt64] = []
    }

    private let series = NIOLockedValueBox<[Metric: [[String]: Series]]>([:])

    /// Makes an empty registry.
    public init() {}

    /// Counts something.
    public func add(_ amount: Double = 1, to counter: Metric, _ labels: [String] = []) {
        change(counter, labels) { $0.total += amount }
    }

    /// Takes in how long something took.
    public func observe(_ duration: Duration, in histogram: Metric, _ labels: [String] = []) {
        guard case .histogram(let bounds) = histogram.kind else { return }
        let seconds = duration / .seconds(1)
        change(histogram, labels) { series in
            if series.buckets.isEmpty { series.buckets = Array(repeating: 0, count: bounds.count) }
            series.total += seconds
            series.count += 1
            // Beyond the last bound only the count knows of it.
            if let index = bounds.firstIndex(where: { seconds <= $0 }) { series.buckets[index] += 1 }
        }
    }

    /// What was counted so far, in the order of names and labels.
    func snapshot() -> [Metric: [[String]: Series]] { series.withLockedValue(\.self) }

    private func change(_ metric: Metric, _ labels: [String], _ body: (inout Series) -> Void) {
        series.withLockedValue { all in
            var known = all[metric] ?? [:]
            let isRoom = known[labels] != nil || known.count < Self.mostSeries
            let key = isRoom ? labels : labels.map { _ in Self.other }
            body(&known[key, default: Series()])
            all[metric] = known
        }
    }
}
