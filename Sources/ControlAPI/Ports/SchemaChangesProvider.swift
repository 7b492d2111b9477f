public import DatabaseSchema

/// Compares a candidate's database with its base, live.
public protocol SchemaChangesProvider: Sendable {
    /// What a candidate changes; nil when there is no such candidate.
    ///
    /// Throws as ``VersionDirectory`` for registries, and `candidate.not-comparable` when there is no database yet or its
    /// base is gone.
    func schemaChanges(of candidate: String, registry: String) async throws -> SchemaChanges?
}

/// What a candidate's database changes in the schema of its base.
public struct SchemaChanges: Sendable {
    /// The revision that the database shows, which may not be the latest.
    public let revision: String
    /// The commit of the target branch that it stands on.
    public let base: String
    /// What differs.
    public let difference: SchemaDifference

    /// Makes an answer.
    public init(revision: String, base: String, difference: SchemaDifference) {
        self.revision = revision
        self.base = base
        self.difference = difference
    }
}
