import AccessControl
import Changelog
import DesiredState
import Diagnostics
import PostgresClient

extension StateStore {
    /// How a backup is restored.
    public struct RestoreOptions: Sendable, Hashable {
        /// Whether what the database holds is dropped for it.
        public var replacing: Bool
        /// Whether what comes into being is another installation than the one that was backed up: everything that acts
        /// on the world is suspended, and nothing that waits is carried out or told.
        public var asAnotherInstallation: Bool
        /// Who restores, for the audit log.
        public var actor: String

        /// Into an empty database, as the installation that was backed up.
        public init(replacing: Bool = false, asAnotherInstallation: Bool = false, actor: String = "operator") {
            self.replacing = replacing
            self.asAnotherInstallation = asAnotherInstallation
            self.actor = actor
        }
    }

    /// Brings back what a backup holds, with the schema of this program, in one transaction.
    ///
    /// Nobody holds a lease afterwards: what was under way when the backup was made is taken over by the first controller,
    /// which looks at the world before it does anything. Nobody is let in without proof. The audit log says that it was
    /// restored, and what it ended with before.
    ///
    /// - Throws: ``BackupError``, or what the server says; then nothing has changed.
    public func restore(_ backup: BackupFile, _ options: RestoreOptions = RestoreOptions()) async throws {
        try await restore(backup, options, to: .current)
    }

    func restore(_ backup: BackupFile, _ options: RestoreOptions, to schema: StateSchema) async throws {
        let known = try schema.changelog().changeSets.map(\.identity.id)
        let manifest = backup.manifest
        guard Set(known).isSuperset(of: manifest.changesets), manifest.schemaVersion <= schema.version else {
            throw BackupError.newer(manifest.schemaVersion)
        }
        let connection = try await PostgresConnection.open(pool.configuration.with(applicationName: "sluice restore"))
        do {
            try await connection.transaction { connection in
                try await connection.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [StateSchema.path])
                try await connection.requireRoom(replacing: options.replacing)
                let head = try await connection.auditLogHead()
                try await connection.dropSchemaContent()
                try await connection.make(try schema.changelog { manifest.changesets.contains($0) })
                for table in manifest.tables { try await connection.load(table, from: backup) }
                try await connection.make(try schema.changelog())
                try await connection.settle(manifest, options)
                try await connection.appendToAuditLog(Self.entry(backup, options, instead: head))
            }
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
    }

    private static func entry(
        _ backup: BackupFile, _ options: RestoreOptions, instead head: (id: Int64, hash: String)?
    ) -> AuditEntry {
        AuditEntry(
            actor: options.actor, proof: .local, address: nil, action: "restore", verb: nil, object: nil,
            arguments: [
                "digest": .string(backup.digest), "takenAt": .string(backup.manifest.takenAt),
                "asAnotherInstallation": .bool(options.asAnotherInstallation),
                "insteadOf": head.map { ["id": .integer(Int($0.id)), "hash": .string($0.hash)] } ?? .null,
            ],
            outcome: .done, request: "restore")
    }
}

extension PostgresConnection {
    fileprivate func requireRoom(replacing: Bool) async throws {
        let connections = try await connectedPrograms().map(\.connections).reduce(0, +)
        guard connections == 0 else { throw BackupError.inUse(connections) }
        try await requireRights()
        try await makeSchemaIfMissing()
        guard !replacing else { return }
        let tables = try await query(
            """
            SELECT format('sluice.%I', relname) AS name FROM pg_class
            WHERE relnamespace = 'sluice'::regnamespace AND relkind = 'r'
                AND relname NOT IN ('schema_versions', 'installation') AND relname NOT LIKE 'databasechangelog%'
            ORDER BY 1
            """
        ).map { try $0.string("name") }
        for table in tables {
            guard try await !query("SELECT EXISTS (SELECT FROM \(table))").single().bool(0) else {
                throw BackupError.notEmpty(table)
            }
        }
    }

    /// Drops what lies in the schema. The schema stays: its owner need not be allowed to make another one.
    fileprivate func dropSchemaContent() async throws {
        try await execute(
            """
            DO $drop$
            DECLARE doomed text;
            BEGIN
                FOR doomed IN SELECT oid::regclass FROM pg_class
                    WHERE relnamespace = 'sluice'::regnamespace AND relkind = 'r'
                LOOP EXECUTE 'DROP TABLE ' || doomed || ' CASCADE'; END LOOP;
                FOR doomed IN SELECT oid::regclass FROM pg_class
                    WHERE relnamespace = 'sluice'::regnamespace AND relkind = 'S'
                LOOP EXECUTE 'DROP SEQUENCE ' || doomed; END LOOP;
                FOR doomed IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'sluice'::regnamespace
                LOOP EXECUTE 'DROP FUNCTION ' || doomed; END LOOP;
            END
            $drop$
            """)
    }

    /// Brings the schema to a changelog within the transaction, in which nothing can be `CONCURRENTLY`: nobody else is
    /// there to be held up.
    fileprivate func make(_ changelog: PreparedChangelog) async throws {
        let script = try await Deployer(self, options: StateSchema.options).script(changelog)
        try await runScript(script.replacingAll(" CONCURRENTLY ", with: " "))
    }

    fileprivate func load(_ table: BackupManifest.Table, from backup: BackupFile) async throws {
        let stored = StoredTable(name: table.name, columns: table.columns)
        let path = try stored.path
        // A changeset may have put rows there: those that were there when the backup was made take their place.
        if try await query("SELECT EXISTS (SELECT FROM \(path))").single().bool(0) {
            try await execute("DELETE FROM \(path)")
        }
        let rows = try await copyIn(
            "COPY \(try stored.target) FROM STDIN", from: BackupParts(file: backup, parts: table.parts))
        guard rows == table.rows else {
            throw BackupError.damaged("\(table.name) has \(rows) rows and not \(table.rows)")
        }
    }

    /// Sets right what is not the tables' content.
    fileprivate func settle(_ manifest: BackupManifest, _ options: StateStore.RestoreOptions) async throws {
        for (name, value) in manifest.sequences.sorted(by: { $0.key < $1.key }) where name != "fence" {
            try await give(value, to: name)
        }
        try await passNumbers()
        // A fence that was given out after the backup was made must never be given out again: whoever holds it and comes
        // back would be believed.
        let fence = try await query(
            """
            SELECT greatest($1::bigint, (SELECT max(fence) FROM sluice.runs), (SELECT max(fence) FROM sluice.work_items))
                + 1000000000
            """, [manifest.sequences["fence"] ?? 0]
        ).single().int64(0)
        try await give(fence, to: "fence")
        try await execute(
            """
            UPDATE sluice.work_items SET lease_expires_at = statement_timestamp() WHERE state = 'running';
            UPDATE sluice.installation SET shared_since = coalesce(shared_since, statement_timestamp())
            """)
        if options.asAnotherInstallation { try await becomeAnother(manifest) }
    }

    /// Moves identity columns behind the numbers that are there, whatever the manifest says of their sequences.
    private func passNumbers() async throws {
        let columns = try await query(
            """
            SELECT format('sluice.%I', c.relname) AS path, quote_ident(a.attname) AS name,
                pg_get_serial_sequence(format('sluice.%I', c.relname), a.attname) AS sequence
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> '' AND NOT a.attisdropped
            WHERE c.relnamespace = 'sluice'::regnamespace AND c.relkind = 'r' ORDER BY 1, 2
            """)
        for column in columns {
            let (path, name) = (try column.string("path"), try column.string("name"))
            let sequence = try column.string("sequence")
            try await execute(
                """
                SELECT setval('\(sequence)', highest) FROM (SELECT max(\(name)) AS highest FROM \(path)) AS used
                WHERE highest > (SELECT last_value FROM \(sequence))
                    OR highest = (SELECT last_value FROM \(sequence) WHERE NOT is_called)
                """)
        }
    }

    private func give(_ value: Int64, to sequence: String) async throws {
        _ = try await query("SELECT setval(format('sluice.%I', $1::text)::regclass, $2::bigint)", [sequence, value])
    }

    /// A copy to try things on must not act in the original's name: not on its servers, its code hosts and its channels.
    private func becomeAnother(_ manifest: BackupManifest) async throws {
        if manifest.installation != nil {
            try await execute("UPDATE sluice.installation SET id = gen_random_uuid()::text")
        }
        let reason = "restored as another installation"
        _ = try await query(
            """
            UPDATE sluice.resources SET generation = generation + 1, updated_at = statement_timestamp(),
                spec = jsonb_set(spec, '{suspend}', jsonb_build_object('reason', $1::text))
            WHERE kind IN ('Registry', 'ControlRepository', 'Upstream', 'NotificationChannel')
            """, [reason])
        _ = try await query(
            """
            UPDATE sluice.orders SET outcome = 'refused', answer = $1, answered_at = statement_timestamp()
            WHERE outcome = 'waiting'
            """, [reason])
        try await execute(
            """
            UPDATE sluice.notices SET state = 'dropped', ended_at = statement_timestamp(), sending = NULL
            WHERE state = 'waiting'
            """)
    }
}

/// The parts of a table, one after another.
private struct BackupParts: AsyncSequence {
    let file: BackupFile
    let parts: [BackupManifest.Part]

    struct AsyncIterator: AsyncIteratorProtocol {
        let file: BackupFile
        var rest: ArraySlice<BackupManifest.Part>

        mutating func next() async throws -> [UInt8]? {
            guard let part = rest.popFirst() else { return nil }
            return try file.content(of: part)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file, rest: parts[...]) }
}
