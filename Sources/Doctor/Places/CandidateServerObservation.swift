public import Diagnostics

/// A server that candidates' databases are made on, as it was seen.
public struct CandidateServerObservation: Sendable {
    /// A registry's reference database.
    public struct Reference: Sendable, Hashable {
        /// The registry.
        public var registry: String
        /// Its name.
        public var database: String
        /// Whether it is there.
        public var exists: Bool
        /// Whether the administrator may clone it: owns it, or it is marked as a template.
        public var mayBeCloned: Bool
        /// How many sessions others have there: PostgreSQL copies no database that somebody is connected to.
        public var sessions: Int

        /// Makes a reference.
        public init(
            registry: String, database: String, exists: Bool = true, mayBeCloned: Bool = true, sessions: Int = 0
        ) {
            self.registry = registry
            self.database = database
            self.exists = exists
            self.mayBeCloned = mayBeCloned
            self.sessions = sessions
        }
    }

    /// A right that the administrator lacks.
    public struct MissingRight: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// The statement that gives it.
        public var statement: String

        /// Makes one.
        public init(_ name: String, statement: String) {
            self.name = name
            self.statement = statement
        }
    }

    /// The server's version as one number.
    public var version: Int
    /// How far its clock is ahead of ours.
    public var clock: Duration
    /// The administrator.
    public var role: String
    /// Whether nothing is refused to it.
    public var isSuperuser: Bool
    /// The rights that it needs and lacks.
    public var missingRights: [MissingRight]
    /// Databases of others that everybody may connect to.
    public var openDatabases: [String]
    /// How many transactions may be prepared.
    public var preparedTransactions: Int
    /// How many connections there may be.
    public var connections: Int
    /// How many deploys run at a time.
    public var deploys: Int
    /// Whether the size of a session's temporary files is bounded.
    public var boundsTemporaryFiles: Bool
    /// What candidates' databases are cloned from.
    public var references: [Reference]
    /// Why we may not work there although we could: another installation does.
    public var claimedByOthers: SluiceError?

    /// Makes an observation.
    public init(
        version: Int, clock: Duration, role: String, isSuperuser: Bool = false,
        missingRights: [MissingRight] = [], openDatabases: [String] = [], preparedTransactions: Int = 0,
        connections: Int = 100, deploys: Int = 2, boundsTemporaryFiles: Bool = true,
        references: [Reference] = [], claimedByOthers: SluiceError? = nil
    ) {
        self.version = version
        self.claimedByOthers = claimedByOthers
        self.clock = clock
        self.role = role
        self.isSuperuser = isSuperuser
        self.missingRights = missingRights
        self.openDatabases = openDatabases
        self.preparedTransactions = preparedTransactions
        self.connections = connections
        self.deploys = deploys
        self.boundsTemporaryFiles = boundsTemporaryFiles
        self.references = references
    }

    /// What is found of a server that answers, and of one that does not.
    public static func findings(
        _ name: String, _ seen: Result<CandidateServerObservation, SluiceError>
    ) -> [Finding] {
        let subject = "DatabaseServer/\(name)"
        switch seen {
        case .failure(let error):
            return [
                .failed(
                    "server.reachable", of: subject, error,
                    fix: "see that the server runs, and that spec.connection of \(subject) says where")
            ]
        case .success(let server):
            return [server.reachable(subject), server.claim(subject), server.rights(subject)]
                + server.settings(subject)
                + [ClockDifference.finding("server.clock", of: subject, server.clock, from: "the server")]
                + server.references.map(server.template)
        }
    }

    private func reachable(_ subject: String) -> Finding {
        let name = "PostgreSQL \(version / 10_000).\(version % 10_000)"
        guard version >= StateStoreObservation.oldestVersion else {
            return .failed(
                "server.reachable", of: subject, "\(name) answers, which is too old",
                fix: "upgrade the server to PostgreSQL \(StateStoreObservation.oldestVersion / 10_000) or later")
        }
        return .ok("server.reachable", of: subject, "\(name) answers, as \(role)")
    }

    private func claim(_ subject: String) -> Finding {
        guard let claimedByOthers else {
            return .ok("server.claim", of: subject, "no other installation works there under our instance")
        }
        return .failed(
            "server.claim", of: subject, claimedByOthers, fix: "another spec.instance for one of the two installations")
    }

    private func rights(_ subject: String) -> Finding {
        guard !isSuperuser else { return .ok("server.rights", of: subject, "\(role) is a superuser") }
        guard missingRights.isEmpty else {
            return .failed(
                "server.rights", of: subject, "\(role) lacks \(missingRights.map(\.name).joined(separator: ", "))",
                fix: missingRights.map(\.statement).joined(separator: "; "))
        }
        return .ok("server.rights", of: subject, "\(role) has what it needs")
    }

    private func settings(_ subject: String) -> [Finding] {
        let check = "server.settings"
        var found: [Finding] = []
        if preparedTransactions > 0 {
            found.append(
                .warning(
                    check, of: subject, "a candidate can pin its database by a prepared transaction",
                    fix: "max_prepared_transactions = 0"))
        }
        let wanted = 4 * deploys + 20
        if connections < wanted {
            found.append(
                .warning(
                    check, of: subject, "\(connections) connections are few for \(deploys) deploys at a time",
                    fix: "max_connections = \(wanted) or more"))
        }
        if !boundsTemporaryFiles {
            found.append(
                .warning(
                    check, of: subject, "a candidate can fill the disk by temporary files",
                    fix: "temp_file_limit = '1GB'"))
        }
        if let first = openDatabases.first {
            let others = openDatabases.count > 1 ? " and \(openDatabases.count - 1) more" : ""
            found.append(
                .warning(
                    check, of: subject, "candidates' code can connect to \(first)\(others)",
                    fix:
                        "REVOKE CONNECT, TEMPORARY ON DATABASE \(SQLText.name(first)) FROM PUBLIC, having granted it to who needs it"
                ))
        }
        return found.isEmpty ? [.ok(check, of: subject, "they suit code of strangers")] : found
    }

    private func template(_ reference: Reference) -> Finding {
        let (check, subject) = ("registry.reference", "Registry/\(reference.registry)")
        let name = reference.database
        let quoted = SQLText.name(name)
        guard reference.exists else {
            return .failed(
                check, of: subject, "the reference database \(name) is not there",
                fix: "CREATE DATABASE \(quoted) OWNER \(SQLText.name(role)), and restore the structure into it")
        }
        guard reference.mayBeCloned || isSuperuser else {
            return .failed(
                check, of: subject, "\(role) may not clone \(name)",
                fix: "ALTER DATABASE \(quoted) OWNER TO \(SQLText.name(role))")
        }
        guard reference.sessions == 0 else {
            return .warning(
                check, of: subject,
                "\(reference.sessions) sessions are connected to \(name), and keep it from being cloned",
                fix: """
                    close them: SELECT pid, usename, application_name FROM pg_stat_activity \
                    WHERE datname = \(SQLText.text(name))
                    """
            )
        }
        return .ok(check, of: subject, "\(name) can be cloned")
    }
}
