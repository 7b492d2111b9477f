public import DesiredState
import PostgresClient

/// Desired objects with their status.
///
/// The spec belongs to whoever desires (a commit of the config repository, or a reconciler that makes objects on behalf
/// of another); the status belongs to the object's own reconciler, which writes it under its lease.
public struct ResourceTable: Sendable {
    let pool: PostgresPool

    /// Stores objects, all or none. An object's generation rises when its spec is another than before, and only then;
    /// a deletion that was asked for is taken back.
    @discardableResult
    public func store(_ objects: [DesiredResource]) async throws -> [ResourceChange] {
        guard !objects.isEmpty else { return [] }
        return try await pool.withConnection { try await $0.store(objects) }
    }

    /// Asks for objects to be taken down; their reconcilers do it. Returns those that exist.
    @discardableResult
    public func requestDeletion(of keys: [ResourceKey]) async throws -> [ResourceKey] {
        guard !keys.isEmpty else { return [] }
        return try await pool.withConnection { try await $0.requestDeletion(of: keys) }
    }

    /// Leaves an object alone, or takes it up again. Returns whether it exists.
    @discardableResult
    public func suspend(_ key: ResourceKey, _ suspended: Bool = true) async throws -> Bool {
        let rows = try await pool.query(
            """
            UPDATE sluice.resources SET suspended = $3::boolean, updated_at = statement_timestamp()
            WHERE kind = $1 AND name = $2 RETURNING kind
            """, [key.kind, key.name, suspended])
        return !rows.isEmpty
    }

    /// Removes an object's row at once, with what the queue remembers of it unless it is running.
    ///
    /// A reconciler that has taken its object down ends its pass with ``PassEnd/removesResource`` instead.
    /// - Parameter spec: What it must still say, so that nobody's newer word goes with it; nil for whatever it says.
    public func remove(_ key: ResourceKey, having spec: JSONValue? = nil) async throws {
        try await pool.transaction { connection in
            let removed = try await connection.query(
                """
                DELETE FROM sluice.resources WHERE kind = $1 AND name = $2 AND ($3::jsonb IS NULL OR spec = $3::jsonb)
                RETURNING name
                """, [key.kind, key.name, spec.map(Storable.json)])
            if spec != nil, removed.isEmpty { return }
            _ = try await connection.query(
                "DELETE FROM sluice.work_items WHERE kind = $1 AND name = $2 AND state <> 'running'",
                [key.kind, key.name])
        }
    }

    /// Writes what there is to say of an object in the middle of a pass. Refused when the lease was taken over.
    public func write(_ report: StatusReport, under lease: Lease) async throws {
        try await pool.transaction { connection in
            try await connection.hold(lease)
            try await connection.write(report, to: lease.key)
        }
    }

    fileprivate static func record(_ object: DesiredResource) -> JSONValue {
        [
            "kind": .string(object.key.kind), "name": .string(object.key.name), "spec": object.spec,
            "metadata": object.metadata, "owner_kind": object.owner.map { .string($0.kind) } ?? .null,
            "owner_name": object.owner.map { .string($0.name) } ?? .null,
            "suspended": object.suspended.map { .bool($0) } ?? .null,
        ]
    }

    // `xmax = 0` tells a row that was inserted from one that was updated. That the insertion joins `before` makes sure
    // that the old generations are read, and their rows locked, before anything is written.
    fileprivate static let storeStatement = """
        WITH wishes AS (
            SELECT * FROM jsonb_to_recordset($1::jsonb) AS wish(kind text, name text, spec jsonb, metadata jsonb,
                owner_kind text, owner_name text, suspended boolean)
        ), before AS (
            SELECT kind, name, object.generation FROM sluice.resources AS object JOIN wishes USING (kind, name)
            ORDER BY kind, name FOR UPDATE OF object
        ), stored AS (
            INSERT INTO sluice.resources AS object (kind, name, spec, metadata, owner_kind, owner_name, suspended)
            SELECT kind, name, spec, metadata, owner_kind, owner_name, coalesce(suspended, false)
            FROM wishes LEFT JOIN before USING (kind, name) ORDER BY kind, name, before.generation
            ON CONFLICT (kind, name) DO UPDATE SET
                generation = object.generation + (object.spec IS DISTINCT FROM excluded.spec
                    OR object.deletion_requested_at IS NOT NULL)::int,
                spec = excluded.spec, metadata = excluded.metadata,
                owner_kind = excluded.owner_kind, owner_name = excluded.owner_name,
                suspended = coalesce((SELECT suspended FROM wishes
                    WHERE wishes.kind = object.kind AND wishes.name = object.name), object.suspended),
                deletion_requested_at = NULL, updated_at = statement_timestamp()
            RETURNING kind, name, generation, xmax = 0 AS created
        )
        SELECT kind, name, stored.generation, created,
            stored.generation > coalesce(before.generation, stored.generation) AS risen
        FROM stored LEFT JOIN before USING (kind, name) ORDER BY kind, name
        """
}

extension PostgresConnection {
    /// Stores objects, all or none; see ``ResourceTable/store(_:)``.
    func store(_ objects: [DesiredResource]) async throws -> [ResourceChange] {
        // Of an object given twice the last counts; the order of keys keeps two callers from waiting for each other.
        let byKey = Dictionary(objects.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
        let records = JSONValue.array(byKey.sorted { $0.key < $1.key }.map { ResourceTable.record($0.value) })
        let rows = try await query(ResourceTable.storeStatement, [Storable.json(records)])
        return try rows.map { row in
            let effect: ResourceChange.Effect =
                try row.bool("created") ? .created : try row.bool("risen") ? .specChanged : .kept
            return ResourceChange(key: try row.key(), generation: try row.int64("generation"), effect: effect)
        }
    }

    /// Asks for objects to be taken down; see ``ResourceTable/requestDeletion(of:)``.
    func requestDeletion(of keys: [ResourceKey]) async throws -> [ResourceKey] {
        let rows = try await query(
            """
            UPDATE sluice.resources AS object
            SET deletion_requested_at = coalesce(deletion_requested_at, statement_timestamp()),
                updated_at = statement_timestamp()
            FROM unnest($1::text[], $2::text[]) AS doomed(kind, name)
            WHERE object.kind = doomed.kind AND object.name = doomed.name
            RETURNING object.kind, object.name
            """, [keys.map(\.kind), keys.map(\.name)])
        return try rows.map { try $0.key() }
    }
}
