import PostgresClient

/// A session that stands in the way of a deploy, as the server showed it while the deploy waited.
public struct BlockingSession: Sendable, Hashable, Codable {
    /// The server's process; 0 for a prepared transaction, which has none.
    public var processID: Int
    /// Whether it waits for nobody itself: ending it is what helps.
    public var isRoot: Bool
    /// Its `application_name`.
    public var application: String
    /// The role that logged in.
    public var user: String
    /// The address of its client; nil for a local one.
    public var client: String?
    /// What it does, such as `idle in transaction`.
    public var state: String
    /// What kind of process it is, such as `client backend`.
    public var kind: String
    /// For how many seconds its transaction has been open; nil when none is.
    public var transactionAge: Int?
    /// The lock that is waited for, and how it is held, such as `RowExclusiveLock on parcel`.
    public var lock: String?
    /// The beginning of its latest statement. It may hold data.
    public var query: String

    private enum CodingKeys: String, CodingKey {
        case processID = "pid"
        case isRoot = "root"
        case application, user, client, state, kind
        case transactionAge = "transactionSeconds"
        case lock, query
    }

    /// Whether it is an autovacuum, which gives way to whoever waits longer than the deadlock timeout.
    var isAutovacuum: Bool { kind == "autovacuum worker" }
}

extension BlockingSession: CustomStringConvertible {
    /// The session in one line.
    public var description: String {
        var text = processID == 0 ? "a prepared transaction" : "pid \(processID)"
        let names = [application, user.isEmpty ? "" : "user \(user)", client.map { "from \($0)" } ?? ""]
        let known = names.filter { !$0.isEmpty }
        if !known.isEmpty { text += " (\(known.joined(separator: ", ")))" }
        if kind != "client backend", !kind.isEmpty { text += ", \(kind)" }
        if !state.isEmpty { text += ", \(state)" }
        if let transactionAge { text += ", its transaction \(transactionAge) s old" }
        if let lock { text += ", \(lock)" }
        return query.isEmpty ? text : text + ": \(query)"
    }
}

extension BlockingSession {
    /// Who stands in the way of a session at this moment, those first that wait for nobody.
    static func all(before processID: Int32, seenBy connection: PostgresConnection) async throws -> [BlockingSession] {
        try await connection.execute(query(processID), deadline: .seconds(5)).map { row in
            BlockingSession(
                processID: try row.int("pid"), isRoot: try row.bool("root"),
                application: try row.string("application"), user: try row.string("login"),
                client: try row.optionalString("client"), state: try row.string("state"),
                kind: try row.string("kind"), transactionAge: try row.optionalInt("age"),
                lock: try row.optionalString("lock"), query: try row.string("query"))
        }
    }

    /// Each session is asked once for whom it waits, however they stand to each other.
    private static func query(_ processID: Int32) -> String {
        """
        WITH RECURSIVE chain(pid) AS (SELECT unnest(pg_blocking_pids(\(processID))) \
        UNION SELECT unnest(pg_blocking_pids(pid)) FROM chain), \
        wanted AS (SELECT * FROM pg_catalog.pg_locks WHERE pid = \(processID) AND NOT granted LIMIT 1) \
        SELECT c.pid, cardinality(pg_blocking_pids(c.pid)) = 0 AS root, \
        coalesce(a.application_name, '') AS application, coalesce(a.usename::text, '') AS login, \
        host(a.client_addr) AS client, coalesce(a.state, '') AS state, coalesce(a.backend_type, '') AS kind, \
        floor(extract(epoch FROM now() - a.xact_start))::bigint AS age, \
        (SELECT string_agg(DISTINCT h.mode, ', ') || ' on ' || coalesce(min(w.relation)::regclass::text, \
        min(w.locktype)) FROM wanted w JOIN pg_catalog.pg_locks h \
        ON (h.locktype, h.database, h.relation, h.transactionid, h.virtualxid, h.classid, h.objid) \
        IS NOT DISTINCT FROM (w.locktype, w.database, w.relation, w.transactionid, w.virtualxid, w.classid, w.objid) \
        WHERE h.pid = c.pid AND h.granted) AS lock, \
        left(regexp_replace(coalesce(a.query, ''), '\\s+', ' ', 'g'), 200) AS query \
        FROM chain c LEFT JOIN pg_catalog.pg_stat_activity a USING (pid) ORDER BY root DESC, age DESC NULLS LAST LIMIT 20
        """
    }
}
