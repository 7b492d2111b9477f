/// What is counted and measured of the controller, and how a scraper reads it.
///
/// The room holds the vocabulary (``Metric``, its catalogue), a place to count in (``MetricRegistry``) and Prometheus' text
/// form (``Exposition``). It knows nothing of the engine, hosts or stores: the composition tells it what happened.
///
/// Source: Prometheus' naming practices and text exposition format 0.0.4.
public struct Metric: Hashable, Sendable {
    /// What its numbers mean.
    public enum Kind: Hashable, Sendable {
        /// Only ever rises while the process lives.
        case counter
        /// Is what it is now.
        case gauge
        /// How often something took at most so many seconds, by upper bounds in rising order.
        case histogram([Double])
    }

    /// The name, with its unit.
    public let name: String
    /// What its numbers mean.
    public let kind: Kind
    /// What it tells, in a sentence.
    public let summary: String
    /// What its values are told apart by, in order.
    public let labels: [String]

    /// Names a metric.
    public init(_ name: String, _ kind: Kind, _ summary: String, by labels: [String] = []) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.labels = labels
    }
}

/// The value of a gauge at a moment, or of a counter that somebody else keeps.
public struct MetricReading: Hashable, Sendable {
    /// What was read.
    public let metric: Metric
    /// What its labels stand for, in their order.
    public let labels: [String]
    /// The value.
    public let value: Double

    /// Makes a reading.
    public init(_ metric: Metric, _ labels: [String] = [], _ value: Double) {
        self.metric = metric
        self.labels = labels
        self.value = value
    }
}
