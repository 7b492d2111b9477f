/// A request to the interface, and how it was answered.
public struct AnsweredRequest: Hashable, Sendable {
    /// The pattern of its path; `unknown` when there is no such route.
    public let route: String
    /// Its method.
    public let method: String
    /// The answer's status.
    public let status: Int
    /// How long it took.
    public let duration: Duration
}
