/// A database as it is seen on the server: its name, and what its comment says of it.
public struct GateDatabase: Hashable, Sendable {
    /// The name on the server.
    public var name: String
    /// What it says of itself; nil when the process died between creating and describing it, or when it is not ours.
    public var provenance: Provenance?
    /// The server, where it is not the registry's own.
    public var server: String?

    /// Makes a database as seen.
    public init(name: String, provenance: Provenance?, server: String? = nil) {
        self.name = name
        self.provenance = provenance
        self.server = server
    }
}
