public import DesiredState
import Foundation
import PostgresClient

extension ResourceTable {
    /// An object; nil when it is not stored.
    public func get(_ key: ResourceKey) async throws -> StoredResource? {
        let rows = try await pool.query(
            "\(Self.selection) WHERE object.kind = $1 AND object.name = $2", [key.kind, key.name])
        return try rows.first.map(Self.resource)
    }

    /// The objects of a kind in the order of their names; those below a name too, when it is given as prefix `land/`.
    ///
    /// - Parameters:
    ///   - name: Where to go on: only objects whose name comes after this one.
    ///   - limit: How many at most.
    public func list(
        kind: String, prefix: String = "", after name: String? = nil, limit: Int = 10_000
    ) async throws -> [StoredResource] {
        var conditions = Conditions()
        conditions.add("object.kind = $", kind)
        conditions.add("starts_with(object.name, $)", prefix.isEmpty ? nil : prefix)
        conditions.add("object.name > $", name)
        let rows = try await pool.query(
            "\(Self.selection) \(conditions.clause) ORDER BY object.name LIMIT \(max(0, limit))",
            conditions.parameters)
        return try rows.map(Self.resource)
    }

    /// How many objects of each kind there are, by one word on how they stand: `suspended`, or the first condition of
    /// `Stalled`, `Ready`, `Reconciling` that holds, or `unknown`.
    public func census() async throws -> [(kind: String, standing: String, count: Int)] {
        func holds(_ condition: Condition.Kind) -> String {
            "conditions @> '[{\"type\": \"\(condition.rawValue)\", \"status\": \"True\"}]'"
        }
        let rows = try await pool.query(
            """
            SELECT kind, count(*) AS objects, CASE WHEN suspended THEN 'suspended' WHEN \(holds(.stalled)) THEN 'stalled'
                WHEN \(holds(.ready)) THEN 'ready' WHEN \(holds(.reconciling)) THEN 'reconciling' ELSE 'unknown' END AS standing
            FROM sluice.resources GROUP BY kind, standing
            """)
        return try rows.map { (try $0.string("kind"), try $0.string("standing"), try $0.int("objects")) }
    }

    /// Objects that do not go on by themselves; those of one kind first.
    public func stalled(first kind: String, limit: Int) async throws -> [StoredResource] {
        let rows = try await pool.query(
            """
            \(Self.selection)
            WHERE NOT object.suspended AND object.conditions @> '[{"type": "Stalled", "status": "True"}]'
            ORDER BY object.kind <> $1, object.kind, object.name LIMIT \(max(0, limit))
            """, [kind])
        return try rows.map(Self.resource)
    }

    /// How many objects of a kind there are, by their owner's name and one word of their status.
    /// - Parameter member: The status' member that holds the word.
    public func tally(
        kind: String, by member: String
    ) async throws -> [(owner: String, word: String, count: Int)] {
        let rows = try await pool.query(
            """
            SELECT coalesce(owner_name, split_part(name, '/', 1)) AS owner, coalesce(status ->> $2, 'unknown') AS word,
                count(*) AS objects
            FROM sluice.resources WHERE kind = $1 GROUP BY 1, 2
            """, [kind, member])
        return try rows.map { (try $0.string("owner"), try $0.string("word"), try $0.int("objects")) }
    }

    /// The names of objects of a kind whose present spec has been looked at, and that are ready for one of some reasons.
    public func names(ofKind kind: String, readyFor reasons: Set<String>) async throws -> [String] {
        let rows = try await pool.query(
            """
            SELECT name FROM sluice.resources
            WHERE kind = $1 AND generation = observed_generation AND deletion_requested_at IS NULL AND EXISTS (
                SELECT FROM jsonb_array_elements(conditions) AS condition
                WHERE condition ->> 'type' = 'Ready' AND condition ->> 'status' = 'True'
                    AND $2::jsonb ? (condition ->> 'reason'))
            ORDER BY name
            """, [kind, Storable.json(.array(reasons.sorted().map { .string($0) }))])
        return try rows.map { try $0.string("name") }
    }

    /// The objects that were made on behalf of another, in the order of their keys.
    public func list(ownedBy owner: ResourceKey) async throws -> [StoredResource] {
        let rows = try await pool.query(
            """
            \(Self.selection) WHERE object.owner_kind = $1 AND object.owner_name = $2
            ORDER BY object.kind, object.name
            """, [owner.kind, owner.name])
        return try rows.map(Self.resource)
    }

    /// The objects whose metadata says that they wait for this one.
    public func dependents(on key: ResourceKey) async throws -> [ResourceKey] {
        let rows = try await pool.query(
            """
            SELECT kind, name FROM sluice.resources
            WHERE metadata -> 'dependsOn' ? $1 AND deletion_requested_at IS NULL ORDER BY kind, name
            """, [key.description])
        return try rows.map { try $0.key() }
    }

    private static let selection = """
        SELECT object.*, CASE WHEN item.state = 'waiting' THEN item.not_before
            WHEN item.state = 'running' THEN statement_timestamp() END AS next_look,
            item.pass - (item.state = 'running')::int AS handled_pass, item.ended_at AS handled_at
        FROM sluice.resources AS object LEFT JOIN sluice.work_items AS item USING (kind, name)
        """

    private static func handled(_ row: PostgresRow) throws -> HandledReconcile? {
        guard let pass = try row.optionalInt64("handled_pass"), pass > 0, let time = try row.optionalDate("handled_at")
        else { return nil }
        return HandledReconcile(pass: pass, at: time)
    }

    private static func resource(_ row: PostgresRow) throws -> StoredResource {
        var waiting: WaitingOn?
        if let what = try row.optionalString("waiting_on"), let since = try row.optionalDate("waiting_since") {
            waiting = WaitingOn(what: what, since: since)
        }
        let owner = try row.optionalString("owner_kind") == nil ? nil : try row.key("owner_kind", "owner_name")
        return StoredResource(
            key: try row.key(), owner: owner, metadata: try row.json("metadata"), spec: try row.json("spec"),
            generation: try row.int64("generation"), observedGeneration: try row.int64("observed_generation"),
            status: try row.json("status"), conditions: try row.json("conditions").decode(), waiting: waiting,
            nextLook: try row.optionalDate("next_look"), lastHandled: try handled(row),
            suspended: try row.bool("suspended"),
            deletionRequestedAt: try row.optionalDate("deletion_requested_at"),
            createdAt: try row.date("created_at"), updatedAt: try row.date("updated_at"))
    }
}
