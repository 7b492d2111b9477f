/// Says whether the controller is fit for work. Asked often: it must be cheap and must not wait.
public protocol ReadinessProbe: Sendable {
    /// What was looked at, each with what is wrong with it or nil, in words that are safe to show anyone.
    func checks() async -> [ReadinessCheck]
}

/// One thing that the controller needs for its work.
public struct ReadinessCheck: Hashable, Sendable {
    /// What it is: `state-store`, `desired-state`.
    public let name: String
    /// What is wrong with it; nil when nothing is.
    public let problem: String?
    /// What is worth knowing though it keeps nobody from work.
    public let detail: String?

    /// Makes a check.
    public init(_ name: String, problem: String? = nil, detail: String? = nil) {
        self.name = name
        self.problem = problem
        self.detail = detail
    }
}
