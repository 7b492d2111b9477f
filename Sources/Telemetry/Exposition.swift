import Diagnostics

/// Prometheus' text form, version 0.0.4.
public enum Exposition {
    /// The type of the text, as HTTP names it.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// Writes what was counted and what was read, ordered by name.
    public static func text(_ registry: MetricRegistry, readings: [MetricReading]) -> String {
        let counted = registry.snapshot()
        let read = Dictionary(grouping: readings, by: \.metric)
        let metrics = Set(counted.keys).union(read.keys).sorted { $0.name < $1.name }
        return metrics.map { metric in
            let samples =
                (read[metric] ?? []).map { line(metric.name, metric.labels, $0.labels, number($0.value)) }
                + (counted[metric] ?? [:]).sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap {
                    lines(of: metric, labels: $0.key, $0.value)
                }
            let head = "# HELP \(metric.name) \(escaped(metric.summary))\n# TYPE \(metric.name) \(metric.kind.word)\n"
            // The buckets of a histogram stay in the order of their bounds.
            let isOrdered = if case .histogram = metric.kind { true } else { false }
            return head + (isOrdered ? samples : samples.sorted()).joined()
        }.joined()
    }

    private static func lines(of metric: Metric, labels: [String], _ series: MetricRegistry.Series) -> [String] {
        guard case .histogram(let bounds) = metric.kind else {
            return [line(metric.name, metric.labels, labels, number(series.total))]
        }
        var sum: UInt64 = 0
        let within = zip(bounds, series.buckets).map { bound, count in
            sum += count
            return line("\(metric.name)_bucket", metric.labels + ["le"], labels + [number(bound)], "\(sum)")
        }
        return within + [
            line("\(metric.name)_bucket", metric.labels + ["le"], labels + ["+Inf"], "\(series.count)"),
            line("\(metric.name)_sum", metric.labels, labels, number(series.total)),
            line("\(metric.name)_count", metric.labels, labels, "\(series.count)"),
        ]
    }

    private static func line(_ name: String, _ labels: [String], _ values: [String], _ value: String) -> String {
        let pairs = zip(labels, values).map { "\($0)=\"\(escaped($1).replacingAll("\"", with: "\\\""))\"" }
        return pairs.isEmpty ? "\(name) \(value)\n" : "\(name){\(pairs.joined(separator: ","))} \(value)\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacingAll("\\", with: "\\\\").replacingAll("\n", with: "\\n")
    }

    /// A whole number without a point: bounds and counts read better so.
    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}

extension Metric.Kind {
    /// What the text form calls it.
    public var word: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
