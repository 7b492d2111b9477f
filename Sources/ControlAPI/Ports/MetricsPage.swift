/// Answers for what is counted and measured, in the form that scrapers read.
public protocol MetricsPage: Sendable {
    /// The text and its type. What cannot be read now is left out.
    func metrics() async -> (type: String, content: String)
}
