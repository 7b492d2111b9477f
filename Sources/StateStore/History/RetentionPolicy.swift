public import Foundation

/// Which runs are forgotten, with their tasks. Nothing else removes history.
///
/// Whatever the age: of each object that there is the newest runs stay, and the latest that succeeded and the latest that
/// did not; and so does every run with the latest success or the latest failure of anything that was done to a target, also
/// when its object is long gone.
public struct RetentionPolicy: Hashable, Sendable {
    /// Only runs that ended longer ago are forgotten.
    public var age: Duration
    /// How many runs of each object stay.
    public var newest: Int

    /// Makes a policy.
    public init(age: Duration, newest: Int = 20) {
        self.age = age
        self.newest = newest
    }
}

/// What a policy would have forgotten.
public struct ForgettableHistory: Hashable, Sendable {
    /// How many runs.
    public let runs: Int
    /// How many tasks go with them.
    public let tasks: Int
    /// When the oldest of the runs began; nil without any.
    public let oldest: Date?
    /// When the newest of the runs began; nil without any.
    public let newest: Date?

    /// Makes the answer.
    public init(runs: Int, tasks: Int, oldest: Date?, newest: Date?) {
        self.runs = runs
        self.tasks = tasks
        self.oldest = oldest
        self.newest = newest
    }
}
