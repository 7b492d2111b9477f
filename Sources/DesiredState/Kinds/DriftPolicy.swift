public import Foundation

/// How the branches of a control repository are watched, and what is done about drift.
public struct DriftPolicy: Hashable, Sendable {
    /// What is done about drift.
    public enum Response: String, Hashable, Sendable, CaseIterable {
        /// It is said.
        case report
        /// A merge request is opened that takes it into the first stage.
        case takeBack = "take-back"
        /// The merge requests are opened that carry un-synchronised reverts on.
        case sync
    }

    /// Drift that is known and accepted for a while.
    public struct Exception: Hashable, Sendable {
        /// The branches it is about, by pattern.
        public let branch: String
        /// The path it is about, with everything below; nil for all paths.
        public let path: String?
        /// Why it is accepted.
        public let reason: String
        /// When it is drift again.
        public let until: Date

        /// Makes an exception.
        public init(branch: String, path: String? = nil, reason: String, until: Date) {
            self.branch = branch
            self.path = path
            self.reason = reason
            self.until = until
        }
    }

    /// How often all branches are looked at.
    public let interval: Duration
    /// What is done about drift.
    public let response: Response
    /// What is accepted for a while.
    public let ignore: [Exception]

    /// Makes a policy.
    public init(interval: Duration = .seconds(300), response: Response = .report, ignore: [Exception] = []) {
        self.interval = interval
        self.response = response
        self.ignore = ignore
    }
}

extension DriftPolicy {
    static let schema = Schema<DriftPolicy>.object(
        .defaulted(
            "interval", \.interval, .duration(from: .seconds(1), to: .seconds(86_400)), to: .seconds(300),
            "How often all branches are looked at."),
        .defaulted(
            "response", \.response, .choice, to: .report, "What is done about drift: report, take-back or sync."),
        .defaulted("ignore", \.ignore, .list(of: Exception.schema), to: [], "What is accepted for a while."),
        make: DriftPolicy.init)
}

extension DriftPolicy.Exception {
    static let schema = Schema<DriftPolicy.Exception>.object(
        .required("branch", \.branch, .branchPattern, "The branches it is about, such as zone02 or zone*."),
        .optional("path", \.path, .repositoryPath, "The path it is about, with everything below."),
        .required("reason", \.reason, .text, "Why it is accepted."),
        .required("until", \.until, .time, "When it is drift again, as 2026-01-31T10:00:00Z."),
        make: DriftPolicy.Exception.init)
}
