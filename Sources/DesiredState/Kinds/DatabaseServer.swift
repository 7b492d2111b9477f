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
    /// How many candidates' databases there may be on the server; nil is no limit.
    public let maxDatabases: Int?
    /// Whether the server takes no new candidates. Those that are there stay.
    public let drain: Bool

    /// Makes the spec of a server.
    public init(
        source: Source, instance: String = "default", readerRole: String = "registry_dev_role",
        maxConcurrentDeploys: Int = 2, maxDatabases: Int? = nil, drain: Bool = false
    ) {
        self.source = source
        self.instance = instance
        self.readerRole = readerRole
        self.maxConcurrentDeploys = maxConcurrentDeploys
        self.maxDatabases = maxDatabases
        self.drain = drain
    }
}

extension DatabaseServerSpec {
    private struct Embedded: Sendable {
        static let schema = Schema<Embedded>.object(make: { Embedded() })
    }

    private struct Written: Sendable {
        let connection: SecretReference?
        let embedded: Embedded?
        let instance: String
        let readerRole: String
        let maxConcurrentDeploys: Int
        let maxDatabases: Int?
        let drain: Bool?
    }

    static let schema: Schema<DatabaseServerSpec> = Schema<Written>.object(
        .optional("connection", \.connection, SecretReference.schema, "A reference to the server's connection URI."),
        .optional("embedded", \.embedded, Embedded.schema, "A private server that the controller runs itself."),
        .defaulted("instance", \.instance, .label, to: "default", "Tells controllers on one server apart."),
        .defaulted(
            "readerRole", \.readerRole, .roleName, to: "registry_dev_role", "The role that may read candidates."),
        .defaulted(
            "maxConcurrentDeploys", \.maxConcurrentDeploys, .integer(1...256), to: 2, "How many deploys run at a time."),
        .optional("maxDatabases", \.maxDatabases, .integer(1...10_000), "How many databases may be kept."),
        // Not among the stored values while it is not set: programs that do not know it read the spec as well.
        .optional("drain", \.drain, .bool, "Whether no new candidates come here; those that are stay."),
        make: Written.init
    ).map(
        into: { written, node, findings in
            let source: Source
            switch (written.connection, written.embedded) {
            case (let reference?, nil): source = .connection(reference)
            case (nil, _?): source = .embedded
            case (nil, nil), (_?, _?):
                findings.report(
                    .invalidValue, at: node.location, "expected one of the keys \"connection\" and \"embedded\"",
                    hint: "embedded: {} runs a private server")
                return nil
            }
            return DatabaseServerSpec(
                source: source, instance: written.instance, readerRole: written.readerRole,
                maxConcurrentDeploys: written.maxConcurrentDeploys, maxDatabases: written.maxDatabases,
                drain: written.drain ?? false)
        },
        from: { server in
            let reference: SecretReference? =
                if case .connection(let reference) = server.source { reference } else { nil }
            return Written(
                connection: reference, embedded: reference == nil ? Embedded() : nil, instance: server.instance,
                readerRole: server.readerRole, maxConcurrentDeploys: server.maxConcurrentDeploys,
                maxDatabases: server.maxDatabases, drain: server.drain ? true : nil)
        })
}
