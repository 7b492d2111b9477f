/// Where attempts are noted. A log must not fail a deploy: what it cannot keep, it loses.
public protocol AttemptLog: Sendable {
    /// Notes something that happened.
    func append(_ record: AttemptRecord) async
}

/// Keeps attempts in memory, for whoever puts them into a history of its own.
public actor AttemptMemory: AttemptLog {
    /// What was noted, oldest first.
    public private(set) var records: [AttemptRecord] = []

    /// An empty one.
    public init() {}

    /// Notes something that happened.
    public func append(_ record: AttemptRecord) { records.append(record) }
}
