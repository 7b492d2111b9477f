import Changelog

/// Keeps attempts in memory.
actor AttemptMemory: AttemptLog {
    /// What was noted, oldest first.
    private(set) var records: [AttemptRecord] = []

    /// Notes something that happened.
    func append(_ record: AttemptRecord) { records.append(record) }
}
