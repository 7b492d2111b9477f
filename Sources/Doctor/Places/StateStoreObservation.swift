public import Diagnostics

/// The database of the controller's own tables, as it was seen.
public struct StateStoreObservation: Sendable {
    /// The server's version as one number, such as 150020 for 15.20.
    public var version: Int
    /// How far its clock is ahead of ours.
    public var clock: Duration
    /// Changes of this version's schema that are not there.
    public var missingChanges: [String]
    /// The version of the schema, when it is newer than this program's.
    public var newerSchema: Int?
    /// The login.
    public var role: String
    /// Whether nothing is refused to it.
    public var isSuperuser: Bool
    /// Whether the server is the controller's own, with nothing of others on it.
    public var isPrivate: Bool
    /// Whether it could take the audit log's protection away: it owns the table or the schema.
    public var ownsAuditLog: Bool
    /// Whether it may change what is recorded, whoever owns the table.
    public var mayChangeAuditLog: Bool
    /// Whether it may read and write all the other tables, add to the audit log, and take numbers from sequences.
    public var mayWrite: Bool

    /// Makes an observation.
    public init(
        version: Int, clock: Duration, missingChanges: [String] = [], newerSchema: Int? = nil, role: String,
        isSuperuser: Bool = false, isPrivate: Bool = false, ownsAuditLog: Bool = false, mayChangeAuditLog: Bool = false,
        mayWrite: Bool = true
    ) {
        self.version = version
        self.clock = clock
        self.missingChanges = missingChanges
        self.newerSchema = newerSchema
        self.role = role
        self.isSuperuser = isSuperuser
        self.isPrivate = isPrivate
        self.ownsAuditLog = ownsAuditLog
        self.mayChangeAuditLog = mayChangeAuditLog
        self.mayWrite = mayWrite
    }

    /// The oldest version of PostgreSQL, of servers for candidates' databases too.
    public static let oldestVersion = 150_000

    /// What is found of a store that answers, and of one that does not.
    public static func findings(_ seen: Result<StateStoreObservation, SluiceError>) -> [Finding] {
        switch seen {
        case .success(let store): store.findings
        case .failure(let error):
            [
                .failed(
                    "state-store.reachable", error,
                    fix: "see that PostgreSQL runs and that --state-database-file says where")
            ]
        }
    }

    private var findings: [Finding] {
        [reachable, schema, rights, auditLog]
            + [ClockDifference.finding("state-store.clock", clock, from: "the state store")]
    }

    private var reachable: Finding {
        let name = "PostgreSQL \(version / 10_000).\(version % 10_000)"
        guard version >= Self.oldestVersion else {
            return .failed(
                "state-store.reachable", "\(name) answers, which is too old",
                fix: "upgrade the server to PostgreSQL \(Self.oldestVersion / 10_000) or later")
        }
        return .ok("state-store.reachable", "\(name) answers, as \(role)")
    }

    private var schema: Finding {
        if let first = missingChanges.first {
            return .failed(
                "state-store.schema", "\(missingChanges.count) changes of this version's schema are missing: \(first)…",
                fix: "restart the controller, which brings the schema up; its log says why it did not")
        }
        guard let newerSchema else {
            return .ok("state-store.schema", "the schema is this version's")
        }
        return .warning(
            "state-store.schema", "a newer program has brought the schema to version \(newerSchema)",
            fix: "end the upgrade, or take it back: sluice state status")
    }

    private var rights: Finding {
        let name = SQLText.name(role)
        guard mayWrite else {
            return .failed(
                "state-store.rights", "\(role) may not write the controller's tables",
                fix: """
                    GRANT USAGE ON SCHEMA sluice TO \(name); \
                    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sluice TO \(name); \
                    GRANT USAGE ON ALL SEQUENCES IN SCHEMA sluice TO \(name); \
                    REVOKE UPDATE, DELETE ON sluice.audit_log FROM \(name)
                    """)
        }
        if isPrivate { return .ok("state-store.rights", "the server is the controller's own") }
        guard isSuperuser else { return .ok("state-store.rights", "\(role) has what it needs, and is no superuser") }
        return .warning(
            "state-store.rights", "\(role) is a superuser: whoever takes the controller over has the whole server",
            fix: "a role of its own: docs/how-to/use-an-existing-server.md")
    }

    private var auditLog: Finding {
        if isPrivate {
            return .notChecked(
                "state-store.audit-log",
                "the server is the controller's own: whoever is its account could rewrite the audit log",
                fix: "keep its head elsewhere: sluice audit verify --output json")
        }
        if isSuperuser || ownsAuditLog {
            return .warning(
                "state-store.audit-log",
                "\(role) \(isSuperuser ? "is a superuser" : "owns the audit log"), and could rewrite it",
                fix:
                    "keep its head elsewhere: sluice audit verify, and the next time sluice audit verify --expect LINE"
            )
        }
        guard !mayChangeAuditLog else {
            return .failed(
                "state-store.audit-log", "\(role) may change records of the audit log",
                fix: "REVOKE UPDATE, DELETE, TRUNCATE ON sluice.audit_log FROM PUBLIC, \(SQLText.name(role))")
        }
        return .ok("state-store.audit-log", "\(role) can add to the audit log and change nothing in it")
    }
}
