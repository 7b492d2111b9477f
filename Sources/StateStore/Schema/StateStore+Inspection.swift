import PostgresClient

/// The store's database as it stands, for whoever looks into why something does not work.
public struct StateStoreInspection: Sendable, Hashable {
    /// The server's version as one number, such as 150020 for 15.20.
    public let version: Int
    /// The server's time, in seconds since 1970.
    public let time: Double
    /// The login.
    public let role: String
    /// Whether nothing is refused to it.
    public let isSuperuser: Bool
    /// Whether it owns the audit log's table, or the schema, whose owner may drop what lies in it.
    public let ownsAuditLog: Bool
    /// Whether it may change or remove records there.
    public let mayChangeAuditLog: Bool
    /// Whether it may read and write all the other tables, add to the audit log, and take numbers from all sequences.
    public let mayWrite: Bool
}

extension StateStore {
    /// Looks at the store's database. Nothing is changed.
    public func inspect() async throws -> StateStoreInspection {
        let row = try await pool.query(
            """
            SELECT current_setting('server_version_num')::int AS version,
                extract(epoch FROM clock_timestamp())::float8 AS time, rolname, rolsuper,
                EXISTS (
                    SELECT FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
                    WHERE n.nspname = 'sluice' AND t.relname = 'audit_log'
                        AND (pg_has_role(t.relowner, 'MEMBER') OR pg_has_role(n.nspowner, 'MEMBER'))
                ) AS owns,
                coalesce(has_table_privilege(to_regclass('sluice.audit_log'), 'UPDATE, DELETE, TRUNCATE'), false)
                    AS changes,
                (
                    SELECT coalesce(bool_and(CASE
                        WHEN t.relkind = 'S' THEN has_sequence_privilege(t.oid, 'USAGE')
                        ELSE has_table_privilege(t.oid, 'SELECT') AND has_table_privilege(t.oid, 'INSERT')
                            AND (t.relname = 'audit_log' OR has_table_privilege(t.oid, 'UPDATE')
                                AND has_table_privilege(t.oid, 'DELETE')) END), true)
                    FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
                    WHERE n.nspname = 'sluice' AND t.relkind IN ('r', 'S')
                ) AS writes
            FROM pg_roles WHERE rolname = current_user
            """, deadline: .seconds(10)
        ).single()
        return StateStoreInspection(
            version: try row.int("version"), time: try row.double("time"),
            role: try row.string("rolname"), isSuperuser: try row.bool("rolsuper"), ownsAuditLog: try row.bool("owns"),
            mayChangeAuditLog: try row.bool("changes"), mayWrite: try row.bool("writes"))
    }
}
