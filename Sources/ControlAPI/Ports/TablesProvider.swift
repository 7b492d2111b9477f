public import CandidateDatabases

/// Reads tables live from a version's database.
///
/// Implementations throw as ``VersionDirectory`` for registries. A database that is not there is an answer
/// (``VersionTables/content`` is nil); a server that cannot be reached is an error.
public protocol TablesProvider: Sendable {
    /// The tables of a version, by name; nil when there is no such version.
    func tables(of version: VersionReference, registry: String?) async throws -> VersionTables<[TableSummary]>?
    /// One table of a version; nil when there is no such version. The answer has no content when there is no such table.
    func table(
        _ name: String, of version: VersionReference, registry: String?
    ) async throws -> VersionTables<TableInfo>?
}

/// A version whose tables can be asked for.
public enum VersionReference: Hashable, Sendable {
    /// An open candidate, by its id.
    case candidate(String)
    /// What is merged.
    case master
}

/// Tables, and which revision they are of.
public struct VersionTables<Content: Sendable>: Sendable {
    /// How the database stands.
    public let state: DatabaseState
    /// The revision that the database shows; nil while there is none.
    public let revision: String?
    /// What was asked for; nil when it is not there.
    public let content: Content?

    /// Makes an answer.
    public init(state: DatabaseState, revision: String?, content: Content?) {
        self.state = state
        self.revision = revision
        self.content = content
    }
}
