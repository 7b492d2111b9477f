/// A PostgreSQL server on which candidate databases live.
public struct DatabaseServerSpec: Hashable, Sendable {
    /// Where the server is.
    public enum Source: Hashable, Sendable {
        /// A server that someone else runs; the secret is a connection URI.
        case connection(SecretReference)
        /// A private server that the controller starts from the system's PostgreSQL binaries and stops with itself.
        case embedded
    }

    /// Where the server is.
    public let source: Source
    /// Tells this controller's databases from those of another controller on the same server: it is part of their
    /// provenance, and what carries another id is never touched.
    public let instance: String
    /// The role that may read candidate databases and the reference database, and nothing else.
    public let readerRole: String
    /// How many deploys may run on the server at a time.
    public let maxConcurrentDeploys: Int
    /// How many databases the controller may keep on the server, base templates included; nil is no limit.
    public let maxDatabases: Int?

    /// Makes the spec of a server.
    public init(
        source: Source, instance: String = "default", readerRole: String = "registry_dev_role",
        maxConcurrentDeploys: Int = 2, maxDatabases: Int? = nil
    ) {
        self.source = source
        self.instance = instance
        self.readerRole = readerRole
        self.maxConcurrentDeploys = maxConcurrentDeploys
        self.maxDatabases = maxDatabases
    }
}
