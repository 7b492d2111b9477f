import Changelog
import DesiredState
import PostgresClient

extension StateStore {
    /// Writes everything that the store holds, as it is at one moment, into one file. Controllers may be at work.
    ///
    /// - Parameters:
    ///   - path: The file; it appears when it is whole, readable by its owner only.
    ///   - overwriting: Whether it may take the place of one that is there.
    ///   - program: The version of this program, for people.
    ///   - mark: A word that no other backup under way has.
    /// - Returns: The backup, read again from the disk.
    /// - Throws: ``BackupError``.
    public func backUp(to path: String, overwriting: Bool = false, program: String, mark: String) async throws
        -> BackupFile
    {
        let draft = try BackupDraft(for: path, overwriting: overwriting, mark: mark)
        try await pool.transaction(.init(isolation: .repeatableRead, isReadOnly: true)) { connection in
            // The first statement decides what is seen.
            let status = try await connection.schemaStatus(for: .current)
            guard status.version > 0 else { throw BackupError.nothing }
            let facts = try await connection.query(
                """
                SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS taken_at,
                    current_setting('server_version') AS server
                """
            ).single()
            _ = try draft.add(BackupFile.markName, BackupFile.mark)
            var tables: [BackupManifest.Table] = []
            for table in try await connection.storedTables() {
                tables.append(try await connection.copy(table, to: draft))
            }
            let manifest = BackupManifest(
                format: BackupManifest.format, takenAt: try facts.string("taken_at"),
                installation: try await connection.storedInstallation(), program: program,
                server: try facts.string("server"), schemaVersion: status.version,
                changesets: try await connection.storedChangesets(), tables: tables,
                sequences: try await connection.storedSequences())
            let text = try JSONValue(encoding: manifest).prettyText + "\n"
            let part = try draft.add(BackupFile.manifestName, Array(text.utf8))
            _ = try draft.add(BackupFile.digestName, BackupFile.digestLine(part.sha256))
        }
        return try draft.keep(overwriting: overwriting)
    }
}

/// A table of the store, and the columns that are not computed.
struct StoredTable: Hashable, Sendable {
    let name: String
    let columns: [String]

    /// What is copied, as SQL text.
    var target: String {
        get throws { "\(try path) (\(try columns.map { try SQL.identifier($0) }.joined(separator: ", ")))" }
    }

    /// The table, as SQL text.
    var path: String {
        get throws { try SQL.identifier(StateSchema.name, name) }
    }
}

extension PostgresConnection {
    /// The tables that hold state, each behind those that it refers to. The books and the versions of the schema are made
    /// with the schema.
    fileprivate func storedTables() async throws -> [StoredTable] {
        var left = try await query(
            """
            SELECT c.relname AS name,
                array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS columns,
                ARRAY(
                    SELECT DISTINCT f.confrelid::regclass::text FROM pg_constraint f
                    WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS parents,
                c.oid::regclass::text AS path
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'sluice'::regnamespace AND c.relkind = 'r'
                AND c.relname <> 'schema_versions' AND c.relname NOT LIKE 'databasechangelog%'
            GROUP BY c.oid, c.relname ORDER BY c.relname
            """
        ).map { row in
            (
                table: StoredTable(name: try row.string("name"), columns: try row.strings("columns")),
                path: try row.string("path"), parents: try row.strings("parents")
            )
        }
        var ordered: [StoredTable] = []
        while !left.isEmpty {
            let waiting = Set(left.map(\.path))
            let next = left.filter { waiting.isDisjoint(with: $0.parents) }
            guard !next.isEmpty else { throw BackupError.damaged("tables that refer to each other in a circle") }
            ordered += next.map(\.table)
            left.removeAll { waiting.isDisjoint(with: $0.parents) }
        }
        return ordered
    }

    fileprivate func copy(_ table: StoredTable, to draft: BackupDraft) async throws -> BackupManifest.Table {
        var parts: [BackupManifest.Part] = []
        var buffer: [UInt8] = []
        func flush(_ size: Int) throws {
            let name = "tables/\(table.name)/\(String(parts.count + 1 + 1_000_000).dropFirst())"
            parts.append(try draft.add(name, Array(buffer.prefix(size))))
            buffer.removeFirst(size)
        }
        let rows = try await copyOut("COPY \(try table.target) TO STDOUT") { chunk in
            buffer += chunk
            while buffer.count >= BackupFile.partLimit { try flush(BackupFile.partLimit) }
        }
        if !buffer.isEmpty { try flush(buffer.count) }
        return BackupManifest.Table(name: table.name, columns: table.columns, rows: rows, parts: parts)
    }

    fileprivate func storedInstallation() async throws -> String? {
        guard try await query("SELECT to_regclass('sluice.installation') IS NOT NULL").single().bool(0) else {
            return nil
        }
        return try await query("SELECT id FROM sluice.installation").first?.string("id")
    }

    fileprivate func storedChangesets() async throws -> [String] {
        try await query(
            "SELECT id FROM sluice.databasechangelog WHERE filename = $1 ORDER BY orderexecuted", [StateSchema.path]
        ).map { try $0.string("id") }
    }

    fileprivate func storedSequences() async throws -> [String: Int64] {
        // The view pg_sequences says of those that may not be read what it says of those that were never used.
        let rows = try await query(
            """
            SELECT c.relname AS name, may.read AS may_read,
                CASE WHEN may.read THEN pg_sequence_last_value(c.oid) END AS last_value
            FROM pg_class c, LATERAL (SELECT has_sequence_privilege(c.oid, 'SELECT, USAGE') AS read) may
            WHERE c.relnamespace = 'sluice'::regnamespace AND c.relkind = 'S' ORDER BY 1
            """
        )
        var values: [String: Int64] = [:]
        for row in rows {
            let name = try row.string("name")
            guard try row.bool("may_read") else { throw BackupError.unreadable("sluice.\(name)") }
            values[name] = try row.optionalInt64("last_value")
        }
        return values
    }
}
