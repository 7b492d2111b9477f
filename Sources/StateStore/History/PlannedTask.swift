public import DesiredState

/// An effect that a run is going to have, before it is carried out.
public struct PlannedTask: Hashable, Sendable, Codable {
    /// What is done, as a word with dashes: `clone-database`. Failpoints are named after it.
    public let action: String
    /// What it is done to: a database, a branch, a revision.
    public let target: String
    /// More, for people and programs that read the history. No secrets.
    public let details: JSONValue

    /// Makes a planned task.
    public init(_ action: String, target: String, details: JSONValue = [:]) {
        self.action = action
        self.target = target
        self.details = details
    }
}
