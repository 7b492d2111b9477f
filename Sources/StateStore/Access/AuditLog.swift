public import AccessControl
public import Foundation
import PostgresClient

/// What people did and were refused: an append-only chain in which each record is bound to the one before it.
///
/// Records of all replicas come one after another, so that there is one chain. Triggers refuse to change or remove a record
/// even to who owns the table; an owner who takes the triggers away is found out by ``AccessControl/AuditChain`` against a
/// head that was written down elsewhere.
public struct AuditLog: AuditSink {
    let pool: PostgresPool

    /// Which records to list. What is nil does not restrict.
    public struct Filter: Hashable, Sendable {
        /// Who did it.
        public var actor: String?
        /// The kind of the object.
        public var kind: String?
        /// The name of the object.
        public var name: String?
        /// How far it came; empty for any.
        public var outcomes: Set<AuditEntry.Outcome>
        /// The id of the request.
        public var request: String?
        /// Only what was written down at this time or later.
        public var since: Date?
        /// Only what was written down before this time.
        public var until: Date?

        /// Makes a filter.
        public init(
            actor: String? = nil, kind: String? = nil, name: String? = nil, outcomes: Set<AuditEntry.Outcome> = [],
            request: String? = nil, since: Date? = nil, until: Date? = nil
        ) {
            self.actor = actor
            self.kind = kind
            self.name = name
            self.outcomes = outcomes
            self.request = request
            self.since = since
            self.until = until
        }
    }

    /// Writes an entry down.
    public func append(_ entry: AuditEntry) async throws {
        try await pool.transaction { try await $0.appendToAuditLog(entry) }
    }

    /// Number and hash of the newest record; nil when there is none, or no log.
    public func head() async throws -> (id: Int64, hash: String)? {
        try await pool.withConnection { try await $0.auditLogHead() }
    }

    /// Records, newest first.
    public func list(_ filter: Filter = Filter(), page: PageRequest = PageRequest()) async throws -> Page<AuditRecord> {
        var conditions = Conditions()
        conditions.add("actor = $", filter.actor)
        conditions.add("kind = $", filter.kind)
        conditions.add("name = $", filter.name)
        conditions.add(
            "outcome = ANY ($::text[])", filter.outcomes.isEmpty ? nil : filter.outcomes.map(\.rawValue))
        conditions.add("request = $", filter.request)
        conditions.add(
            "at >= to_char($::timestamptz AT TIME ZONE 'UTC', '\(Self.timeFormat)')", filter.since)
        conditions.add("at < to_char($::timestamptz AT TIME ZONE 'UTC', '\(Self.timeFormat)')", filter.until)
        conditions.add("id < $::bigint", page.cursor?.id)
        let rows = try await pool.query(
            """
            SELECT id, body, previous, hash FROM sluice.audit_log \(conditions.clause)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """, conditions.parameters)
        let records = try rows.map { row in
            AuditRecord(
                id: try row.int64("id"), body: try row.string("body"), previous: try row.string("previous"),
                hash: try row.string("hash"))
        }
        return Page(records, limit: page.limit, id: \.id)
    }

    fileprivate static let timeFormat = #"YYYY-MM-DD"T"HH24:MI:SS.US"Z""#
}

extension PostgresConnection {
    /// Writes an entry down, within a transaction.
    func appendToAuditLog(_ entry: AuditEntry) async throws {
        // Whoever has the lock sees all that was committed: there is one newest record, and nobody adds beside us.
        try await query("SELECT pg_advisory_xact_lock(hashtextextended('sluice audit log', 0))")
        let time = try await query(
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', '\(AuditLog.timeFormat)') AS time"
        ).single().string("time")
        let record = AuditRecord(entry, after: try await auditLogHead(), at: time)
        _ = try await query(
            "INSERT INTO sluice.audit_log (id, body, previous, hash) VALUES ($1::bigint, $2, $3, $4)",
            [record.id, record.body, record.previous, record.hash])
    }

    /// Number and hash of the newest record; nil when there is none, or no log.
    func auditLogHead() async throws -> (id: Int64, hash: String)? {
        guard try await query("SELECT to_regclass('sluice.audit_log') IS NOT NULL").single().bool(0) else { return nil }
        return try await query("SELECT id, hash FROM sluice.audit_log ORDER BY id DESC LIMIT 1").first.map {
            (try $0.int64("id"), try $0.string("hash"))
        }
    }
}
