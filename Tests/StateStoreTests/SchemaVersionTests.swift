import DesiredState
import Diagnostics
import Foundation
import PostgresClient
import StateStoreSupport
import TestSupport
import Testing

@testable import StateStore

@Suite("Versions of the schema")
struct SchemaVersionTests {
    @Test(
        "F-14 What an older version left is found by today's readers after the upgrade, is left as it was when that is taken back, and comes again"
    )
    func upgradeAndBack() async throws {
        try await withSchemaOne { store in
            let before = try await Self.digests(store)
            #expect(before.count == 8)
            #expect(try await store.schemaStatus().version == 1)

            try await store.migrate()
            #expect(try await store.schemaStatus().fit == .same)
            #expect(try await Self.digests(store, like: before) == before)
            try await Self.expectReadable(store)

            #expect(try await store.downgrade() == 1)
            let status = try await store.schemaStatus()
            #expect(status.fit == .older && status.version == 1 && status.pending.first == "schema-versions")
            let left = try await Self.digests(store)
            #expect(Set(left.keys) == Set(before.keys))
            // What was under way has been taken over since; everything else is as it was.
            for table in before.keys where !["work_items", "runs", "tasks"].contains(table) {
                #expect(left[table] == before[table], "\(table)")
            }
            let refusal = await #expect(throws: SchemaRefusal.self) { try await store.downgrade() }
            #expect(refusal?.sluiceError.code == "store.first-schema")

            try await store.migrate()
            #expect(try await store.schemaStatus().fit == .same)
            #expect(try await store.history.run(1)?.status == .succeeded)
        }
    }

    @Test(
        "F-14 While one of two replicas brings the schema to the next version both go on working: each key once, nothing refused, and the older one can start again"
    )
    func rolling() async throws {
        try await withStores { old, new in
            try await old.migrate()
            let keys = (0..<80).map { candidate("\($0)") }
            try await old.queue.enqueue(keys.map { EnqueueRequest($0, lane: .deploy, reason: "push") })
            let upgraded = try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask { try await old.workThrough(as: "old") { _ in } }
                group.addTask {
                    try await old.workThrough(as: "old too") { count in
                        if count == 10 { try await new.migrate(to: .next) }
                    }
                }
                group.addTask {
                    try await new.migrate(to: .next)
                    return try await new.workThrough(as: "new") { _ in }
                }
                return try await group.reduce(0, +)
            }
            #expect(upgraded == keys.count)
            #expect(try await old.schemaStatus().fit == .newer)
            try await old.migrate()
            #expect(try await new.schemaStatus(for: .next).fit == .same)
            for key in keys {
                #expect(try await old.history.runs(HistoryFilter(kind: key.kind, name: key.name)).elements.count == 1)
            }
            #expect(try await new.queue.census() == [.deploy: [.idle: keys.count]])
        }
    }

    @Test("F-14 A schema that this program would not understand is refused, and left alone")
    func tooNew() async throws {
        try await withStores { old, new in
            try await new.migrate(to: .closed)
            let refusal = await #expect(throws: SchemaRefusal.self) { try await old.migrate() }
            #expect(refusal?.sluiceError.code == "store.schema-too-new")
            let again = await #expect(throws: SchemaRefusal.self) { try await old.downgrade() }
            #expect(again?.sluiceError.code == "store.schema-too-new")
            #expect(try await new.schemaStatus(for: .closed).fit == .same)
        }
    }

    @Test("Nobody takes the ground from under others: neither an upgrade that they cannot follow, nor a way back")
    func atWork() async throws {
        try await withStores { old, new in
            try await old.migrate()
            // Whoever works has connections.
            #expect(try await old.queue.census().isEmpty)
            let up = await #expect(throws: SchemaRefusal.self) { try await new.migrate(to: .closed) }
            #expect(up?.sluiceError.code == "store.older-controllers")
            try await new.migrate(to: .next)
            #expect(try await new.queue.census().isEmpty)
            // Only the newer one is in the way of going back.
            let back = await #expect(throws: SchemaRefusal.self) { try await old.downgrade(from: .next) }
            #expect(back?.sluiceError.code == "store.newer-controllers")
            #expect(try await old.connectedPrograms().map(\.version) == [3])
            await new.pool.close()
            let gone = try await eventuallyGone(3, old)
            #expect(gone)
            #expect(try await old.downgrade(from: .next) == 2)
            #expect(try await old.schemaStatus().fit == .same)
        }
    }

    @Test("What going back would cost is told: tables and columns, with the rows that say something there")
    func losses() async throws {
        try await withStores { old, new in
            try await new.migrate(to: .next)
            try await new.queue.enqueue(
                (0..<3).map { EnqueueRequest(candidate("\($0)"), lane: .deploy, reason: "push") })
            try await new.pool.query("UPDATE sluice.work_items SET hint = 'some' WHERE name LIKE '%1'")
            try await new.pool.query("INSERT INTO sluice.hints (body) VALUES ('a'), ('b')")
            let losses = try await new.downgradeLosses(of: .next)
            #expect(
                losses == [
                    SchemaLoss(table: "sluice.hints", column: nil, rows: 2),
                    SchemaLoss(table: "sluice.work_items", column: "hint", rows: 1),
                    SchemaLoss(table: "sluice.runs", column: "hint", rows: 0),
                ])
        }
        try await withStore { store in
            let losses = try await store.downgradeLosses()
            #expect(losses.contains { $0.table == "sluice.runs" && $0.column == "trace" })
            #expect(
                losses.filter { $0.consequence != nil }.map(\.table) == ["sluice.audit_log", "sluice.installation"])
        }
    }

    @Test(
        "What is done with a schema follows from its version, the oldest program it takes, and this program's version",
        arguments: [
            (0, 0, ["1"], SchemaStatus.Fit.empty), (1, 1, ["x"], .older), (1, 1, [], .older), (2, 1, [], .same),
            (2, 1, ["late"], .older), (3, 2, [], .newer), (3, 1, [], .newer), (3, 3, [], .tooNew), (9, 8, [], .tooNew),
        ])
    func fit(version: Int, oldest: Int, pending: [String], expected: SchemaStatus.Fit) {
        let status = SchemaStatus(version: version, oldestProgram: oldest, program: 2, pending: pending)
        #expect(status.fit == expected)
    }

    @Test("Each version says the same to programs that know it and to those that do not, and can be taken back")
    func versions() async throws {
        #expect(StateSchema.current.versions.map(\.number) == Array(1...StateSchema.current.version))
        try await withStore { store in
            let rows = try await store.pool.query(
                "SELECT version, oldest_program FROM sluice.schema_versions ORDER BY version")
            #expect(try rows.map { try $0.int("version") } == StateSchema.current.versions.map(\.number))
            #expect(try rows.map { try $0.int("oldest_program") } == StateSchema.current.versions.map(\.oldestProgram))
            while try await store.schemaStatus().version > 1 { try await store.downgrade(whileInUse: true) }
            try await store.migrate()
            #expect(try await store.schemaStatus().fit == .same)
        }
        for version in StateSchema.current.versions {
            #expect(version.oldestProgram >= version.number - 1 || version.number <= 2)
            for changeSet in version.changesets.components(separatedBy: "--changeset ").dropFirst() {
                #expect(changeSet.contains("--rollback "), "\(changeSet.prefix(40)) has no way back")
            }
        }
    }
}

extension SchemaVersionTests {
    /// Calls `body` with a store whose database holds what a program of version 1 left.
    private func withSchemaOne(_ body: (StateStore) async throws -> Void) async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/schema-1.sql")
        let dump = try String(contentsOf: file, encoding: .utf8)
        try await withDatabase { configuration in
            let loading = try await PostgresConnection.open(configuration)
            try await loading.runScript(dump)
            await loading.close()
            try await Self.with([configuration]) { try await body($0[0]) }
        }
    }

    /// Calls `body` with two stores on one database: as programs of today's version and of the next.
    private func withStores(_ body: @Sendable (_ old: StateStore, _ new: StateStore) async throws -> Void) async throws
    {
        try await withDatabase { configuration in
            try await Self.with(
                [.current, .next].map { schema in
                    configuration.with(applicationName: StateStore.applicationName(of: schema))
                }
            ) { try await body($0[0], $0[1]) }
        }
    }

    private static func with(
        _ configurations: [PostgresConfiguration], _ body: ([StateStore]) async throws -> Void
    ) async throws {
        let pools = configurations.map { PostgresPool(configuration: $0, size: 4) }
        let result: Result<Void, any Error>
        do { result = .success(try await body(pools.map { StateStore(pool: $0) })) } catch { result = .failure(error) }
        for pool in pools { await pool.close() }
        try result.get()
    }

    /// A digest of what each table holds, in the columns that it has, or that it had in `former`.
    private static func digests(_ store: StateStore, like former: [String: Table] = [:]) async throws -> [String: Table]
    {
        var digests: [String: Table] = [:]
        let tables = try await store.pool.query(
            """
            SELECT table_name AS name, string_agg(quote_ident(column_name), ', ' ORDER BY column_name) AS columns
            FROM information_schema.columns
            WHERE table_schema = 'sluice' AND table_name NOT LIKE 'databasechangelog%' GROUP BY 1
            """)
        for row in tables {
            let name = try row.string("name")
            guard former.isEmpty || former[name] != nil else { continue }
            let columns = try former[name]?.columns ?? row.string("columns")
            let text = try await store.pool.query(
                "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM (SELECT \(columns) FROM sluice.\(name)) t"
            ).single().string(0)
            digests[name] = Table(columns: columns, digest: text)
        }
        return digests
    }

    private struct Table: Equatable {
        let columns: String
        let digest: String
    }

    /// Reads everything that the fixture holds, takes over what was under way, and writes to what is new.
    private static func expectReadable(_ store: StateStore) async throws {
        var ready = 0
        for (kind, count) in [("Registry", 1), ("Candidate", 2), ("BaseTemplate", 2), ("Forge", 1)] {
            let objects = try await store.resources.list(kind: kind)
            #expect(objects.count == count, "\(kind)")
            ready += objects.count { $0.conditions[.ready]?.status == .true }
        }
        #expect(ready > 0)
        let runs = try await store.history.runs().elements
        #expect(runs.count == 14 && runs.count { $0.status == .failed } > 0)
        #expect(try await store.history.tasks().elements.count >= 46)
        #expect(try await store.events.list().elements.count == 6)
        #expect(try await store.configuration.list().elements.map(\.id) == [1])
        #expect(try await store.deliveries.list().elements.count == 8)

        let running = try #require(runs.first { $0.status == .running })
        let recoveries = try await store.queue.recoverExpired(policy: QuarantinePolicy()) { 0 }
        #expect(recoveries.map(\.key) == [running.key])
        #expect(try await store.history.run(running.id)?.status == .lost)
        var attempts: [ResourceKey: Int] = [:]
        while let lease = try await store.claim() {
            attempts[lease.key] = lease.attempt
            try await store.queue.end(lease, PassEnd())
        }
        #expect(attempts[running.key] == 2)
        #expect(try await !store.installation().isEmpty)
        #expect(try await store.notices.list().elements.isEmpty)
    }

    private func eventuallyGone(_ version: Int, _ store: StateStore) async throws -> Bool {
        for _ in 0..<1_000 {
            if try await !store.connectedPrograms().contains(where: { $0.version == version }) { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

extension StateStore {
    /// Takes candidates until there are none, each with a run of two tasks; returns how many.
    fileprivate func workThrough(as worker: String, _ after: (Int) async throws -> Void) async throws -> Int {
        var count = 0
        while let lease = try await claim(worker: worker) {
            let run = try await history.begin(
                NewRun(tasks: ["clone", "deploy"].map { PlannedTask($0, target: lease.key.name) }), under: lease)
            for task in run.tasks {
                try await history.start(task, of: run)
                try await history.finish(task, of: run, .succeeded(summary: [:]))
            }
            try await history.finish(run, .succeeded(summary: [:]))
            try await queue.end(lease, PassEnd())
            count += 1
            try await after(count)
        }
        return count
    }
}

extension StateSchema {
    /// What a next version may be: it adds, and programs of today's go on.
    fileprivate static let next = with(oldest: 2)
    /// One that today's program does not understand.
    fileprivate static let closed = with(oldest: 3)

    private static func with(oldest: Int) -> StateSchema {
        StateSchema(
            versions: current.versions + [
                SchemaVersion(
                    3, oldestProgram: oldest,
                    """
                    --changeset sluice:version-3
                    INSERT INTO sluice.schema_versions (version, oldest_program) VALUES (3, \(oldest));
                    --rollback DELETE FROM sluice.schema_versions WHERE version = 3;

                    --changeset sluice:hints
                    ALTER TABLE sluice.work_items ADD COLUMN hint text NOT NULL DEFAULT 'none';
                    ALTER TABLE sluice.runs ADD COLUMN hint text;
                    CREATE TABLE sluice.hints (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text);
                    --rollback DROP TABLE sluice.hints; ALTER TABLE sluice.runs DROP COLUMN hint;
                    --rollback ALTER TABLE sluice.work_items DROP COLUMN hint;

                    """)
            ])
    }
}
