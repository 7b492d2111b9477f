/// Where attempts are noted. A log must not fail a deploy: what it cannot keep, it loses.
public protocol AttemptLog: Sendable {
    /// Notes something that happened.
    func append(_ record: AttemptRecord) async
}
