/// A program that a changelog has run on the machine of the update.
public struct ProgramCall: Sendable, Hashable {
    /// The program: a path, or a name that is looked up.
    public var executable: String
    /// What stands behind its name, word by word: no shell reads it.
    public var arguments: [String]
    /// How long it may take; nil for as long as it needs.
    public var timeout: Duration?

    /// The words for people.
    public var description: String { ([executable] + arguments).joined(separator: " ") }

    /// Runs programs, and throws when one cannot be started, takes too long or ends with another code than 0.
    public typealias Runner = @Sendable (ProgramCall) async throws -> Void
}
