public import DesiredState
import Diagnostics
import PostgresClient

/// Changes of desired state: made as a whole or not at all, and remembered.
///
/// Objects, marks of deletion, the queue and the record itself are written in one transaction, so that there is no moment
/// at which half of a commit is in force, and no change without its record.
public struct ConfigurationLog: Sendable {
    let pool: PostgresPool

    /// Makes a change. Those of all replicas come one after another.
    ///
    /// - Returns: The id of its record; nil when nothing of any object changed.
    /// - Throws: `configuration.moved` when what it was decided on is not so any more; then nothing was written.
    @discardableResult
    public func apply(_ change: NewConfigurationChange) async throws -> Int64? {
        try await pool.transaction { connection in
            try await connection.query("SELECT pg_advisory_xact_lock(hashtextextended('sluice configuration', 0))")
            for (key, spec) in change.expecting.sorted(by: { $0.key < $1.key }) {
                try await connection.require(key, toHave: spec)
            }
            // The queue before the objects, as at the end of every pass: two writers never wait for each other.
            _ = try await connection.enqueue(change.enqueue)
            try await connection.remove(change.remove)
            let stored = change.store.isEmpty ? [] : try await connection.store(change.store)
            _ = change.retire.isEmpty ? [] : try await connection.requestDeletion(of: change.retire)
            guard !change.entries.isEmpty else { return nil }
            let generations = Dictionary(stored.map { ($0.key, $0.generation) }) { first, _ in first }
            return try await connection.record(change, generations)
        }
    }

    /// Changes, newest first; those of one object when a key is given.
    public func list(of key: ResourceKey? = nil, page: PageRequest = PageRequest()) async throws
        -> Page<ConfigurationChange>
    {
        var conditions = Conditions()
        conditions.add("change.id < $::bigint", page.cursor?.id)
        conditions.add(
            """
            EXISTS (SELECT FROM sluice.configuration_entries AS entry
                WHERE entry.change_id = change.id AND entry.kind || '/' || entry.name = $)
            """, key?.description)
        let rows = try await pool.query(
            "\(Self.selection) \(conditions.clause) ORDER BY change.id DESC LIMIT \(page.limit + 1)",
            conditions.parameters)
        return Page(try rows.map(Self.change), limit: page.limit, id: \.id)
    }

    /// What tells the newest change from all others, those of a database that was set back and went on included.
    public struct Mark: Hashable, Sendable {
        /// Its number.
        public let id: Int64
        let time: String
    }

    /// The newest change; nil before the first. Desired state is what it was as long as this is.
    public func latest() async throws -> Mark? {
        try await pool.query(
            "SELECT id, applied_at::text AS time FROM sluice.configuration_changes ORDER BY id DESC LIMIT 1"
        ).first.map { Mark(id: try $0.int64("id"), time: try $0.string("time")) }
    }

    /// One change; nil when there is none of that id.
    public func change(_ id: Int64) async throws -> ConfigurationChange? {
        try await pool.query("\(Self.selection) WHERE change.id = $1::bigint", [id]).first.map(Self.change)
    }

    private static let selection = """
        SELECT change.*, coalesce((
            SELECT jsonb_agg(jsonb_build_object('key', kind || '/' || name, 'effect', effect,
                'generation', generation, 'fields', fields) ORDER BY position)
            FROM sluice.configuration_entries AS entry WHERE entry.change_id = change.id), '[]') AS entries
        FROM sluice.configuration_changes AS change
        """

    private static func change(_ row: PostgresRow) throws -> ConfigurationChange {
        ConfigurationChange(
            id: try row.int64("id"), source: try row.string("source"),
            revision: ConfigurationRevision(
                try row.string("revision"), author: try row.optionalString("author"),
                subject: try row.optionalString("subject"), authoredAt: try row.optionalDate("authored_at")),
            appliedAt: try row.date("applied_at"),
            entries: try (try row.json("entries").array ?? []).map(entry))
    }

    private static func entry(_ stored: JSONValue) throws -> ConfigurationEntry {
        let word = stored["effect"]?.string ?? ""
        guard let key = stored["key"]?.string.flatMap({ ResourceKey($0) }),
            let effect = ConfigurationEntry.Effect(rawValue: word)
        else { throw StateStoreError.unreadable(column: "effect", value: word) }
        return ConfigurationEntry(
            key, effect, fields: try (stored["fields"] ?? []).decode(),
            generation: stored["generation"]?.integer.map(Int64.init))
    }
}

extension PostgresConnection {
    fileprivate func require(_ key: ResourceKey, toHave spec: JSONValue?) async throws {
        let rows = try await query(
            "SELECT spec FROM sluice.resources WHERE kind = $1 AND name = $2", [key.kind, key.name])
        guard try rows.first.map({ try $0.json("spec") }) == spec else {
            throw SluiceError(
                "configuration.moved", .conflict, "desired state was changed by somebody else meanwhile",
                detail: key.description)
        }
    }

    fileprivate func remove(_ keys: [ResourceKey]) async throws {
        guard !keys.isEmpty else { return }
        _ = try await query(
            """
            DELETE FROM sluice.resources AS object USING unnest($1::text[], $2::text[]) AS doomed(kind, name)
            WHERE object.kind = doomed.kind AND object.name = doomed.name
            """, [keys.map(\.kind), keys.map(\.name)])
    }

    fileprivate func record(
        _ change: NewConfigurationChange, _ generations: [ResourceKey: Int64]
    ) async throws -> Int64? {
        let entries = try change.entries.enumerated().map { position, entry -> JSONValue in
            [
                "position": .integer(position), "kind": .string(entry.key.kind), "name": .string(entry.key.name),
                "effect": .string(entry.effect.rawValue), "fields": try JSONValue(encoding: entry.fields),
                "generation": entry.effect == .pruned
                    ? .null : generations[entry.key].map { .integer(Int($0)) } ?? .null,
            ]
        }
        let revision = change.revision
        let rows = try await query(
            """
            WITH change AS (
                INSERT INTO sluice.configuration_changes (source, revision, author, subject, authored_at)
                VALUES ($1, $2, $3, $4, $5::timestamptz) RETURNING id
            ), entries AS (
                INSERT INTO sluice.configuration_entries (change_id, position, kind, name, effect, generation, fields)
                SELECT change.id, entry.* FROM change, jsonb_to_recordset($6::jsonb) AS entry(
                    position int, kind text, name text, effect text, generation bigint, fields jsonb)
            )
            SELECT id FROM change
            """,
            [
                Storable.text(change.source), Storable.text(revision.id), revision.author.map { Storable.text($0) },
                revision.subject.map { Storable.text($0) }, revision.authoredAt, Storable.json(.array(entries)),
            ])
        return try rows.first.map { try $0.int64("id") }
    }
}
