import AccessControl
import Crypto
import DesiredState
import Diagnostics
import Foundation
import PostgresClient
import StateStoreSupport
import TestSupport
import Testing

@testable import StateStore

extension BackupTests {
    @Test("A login that may not read the sequences makes no backup: it would lack them, and look whole")
    func unreadableSequences() async throws {
        try await withTemporaryDirectory("backup") { directory in
            try await TestPostgres.shared().withPrefix { prefix in
                try await withFreshStore { store in
                    try await Self.fill(store)
                    let role = try SQL.identifier("\(prefix)backup")
                    try await store.pool.query("CREATE ROLE \(role)")
                    for right in ["USAGE ON SCHEMA", "SELECT ON ALL TABLES IN SCHEMA"] {
                        try await store.pool.query("GRANT \(right) sluice TO \(role)")
                    }
                    let reading = PostgresPool(
                        configuration: store.pool.configuration.with(settings: ["role": "\(prefix)backup"]), size: 1)
                    let path = "\(directory)/b.tar"
                    let refusal = await #expect(throws: BackupError.self) {
                        try await StateStore(pool: reading).backUp(to: path, program: "test", mark: "x")
                    }
                    #expect(refusal?.sluiceError.code == "backup.unreadable")
                    #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
                    try await store.pool.query("GRANT SELECT ON ALL SEQUENCES IN SCHEMA sluice TO \(role)")
                    let backup = try await StateStore(pool: reading).backUp(to: path, program: "test", mark: "x")
                    #expect(backup.manifest.sequences["fence"] != nil)
                    await reading.close()
                    try await store.pool.query("DROP OWNED BY \(role)")
                }
            }
        }
    }

    @Test("Numbers and fences are never given out again, whatever the manifest says of the sequences")
    func lackingSequences() async throws {
        try await withTemporaryDirectory("backup") { directory in
            try await withFreshStore { store in
                try await Self.fill(store)
                let whole = try await store.backUp(to: "\(directory)/b.tar", program: "test", mark: "x")
                let held = try await store.pool.query("SELECT max(fence) FROM sluice.runs").single().int64(0)
                let runs = try await store.history.runs().elements.count
                try Self.rewrite(whole, to: "\(directory)/c.tar") { $0["sequences"] = [:] }
                try await withEmptyStore { restored in
                    try await restored.restore(try BackupFile("\(directory)/c.tar"))
                    let lease = try #require(await restored.claim())
                    #expect(lease.fence > held + 1_000_000)
                    let run = try await restored.history.begin(
                        NewRun(tasks: [PlannedTask("clone", target: "db")]), under: lease)
                    #expect(run.id == Int64(runs) + 1)
                    #expect(try await restored.orders.give(NewOrder("look", of: candidate("1"), by: "anna")).id == 2)
                }
            }
        }
    }

    @Test("A file that is well-formed and lies about numbers is refused")
    func hostileNumbers() async throws {
        try await withTemporaryDirectory("backup") { directory in
            try await withFreshStore { store in
                try await Self.fill(store)
                let path = "\(directory)/b.tar"
                let whole = try await store.backUp(to: path, program: "test", mark: "x")
                for rows in [Int.max, -1] {
                    try Self.rewrite(whole, to: "\(directory)/c.tar") { manifest in
                        manifest["tables"] = .array(
                            (manifest["tables"]?.array ?? []).map { table in
                                .object((table.object ?? [:]).merging(["rows": .integer(rows)]) { $1 })
                            })
                    }
                    #expect(throws: BackupError.self) { try BackupFile("\(directory)/c.tar") }
                }
                var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
                // The header behind the first file says that its own is a negative number of bytes.
                let header = 1_024..<1_536
                bytes.replaceSubrange(1_024 + 124..<1_024 + 135, with: Array("-7777777777".utf8))
                bytes.replaceSubrange(1_024 + 148..<1_024 + 156, with: Array("        ".utf8))
                let sum = String(bytes[header].reduce(0) { $0 + Int($1) }, radix: 8)
                let digits = String(repeating: "0", count: 6 - sum.count) + sum
                bytes.replaceSubrange(1_024 + 148..<1_024 + 156, with: Array("\(digits)\0 ".utf8))
                try Data(bytes).write(to: URL(filePath: "\(directory)/c.tar"))
                #expect(throws: BackupError.damaged("no file begins at byte 1024")) {
                    try BackupFile("\(directory)/c.tar")
                }
            }
        }
    }

    @Test("A backup that cannot be read again takes the place of nothing")
    func unreadableDraft() async throws {
        try await withTemporaryDirectory("backup") { directory in
            let path = "\(directory)/b.tar"
            try Data("yesterday's".utf8).write(to: URL(filePath: path))
            do {
                let draft = try BackupDraft(for: path, overwriting: true, mark: "x")
                _ = try draft.add("something", Array("else".utf8))
                #expect(throws: BackupError.foreign(path)) { try draft.keep(overwriting: true) }
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "yesterday's")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["b.tar"])
        }
    }

    @Test("After a restore nobody is let in without proof, and the audit log says what it ended with before")
    func restoredIsShared() async throws {
        try await withTemporaryDirectory("backup") { directory in
            let dump = try String(contentsOfFile: Self.fixture, encoding: .utf8)
            try await withEmptyStore { store in
                try await store.pool.withConnection { try await $0.runScript(dump) }
                let old = try await store.backUp(to: "\(directory)/old.tar", program: "test", mark: "x")
                try await store.migrate()
                let backup = try await store.backUp(to: "\(directory)/b.tar", program: "test", mark: "x")
                try await store.audit.append(Self.entry("later"))
                for file in [backup, old] {
                    #expect(try await !store.isShared() || file === old)
                    let head = try #require(await store.audit.head())
                    try await store.restore(file, .init(replacing: true, actor: "anna"))
                    #expect(try await store.isShared())
                    let records = try await store.audit.list().elements
                    let record = try #require(records.first?.document)
                    #expect(records.count == 1)
                    #expect(record["action"] == "restore" && record["actor"] == "anna")
                    #expect(record["arguments"]?["digest"]?.string == file.digest)
                    #expect(record["arguments"]?["insteadOf"]?["hash"]?.string == head.hash)
                    #expect(try await Self.isIntact(store))
                }
            }
        }
    }

    @Test("A copy as another installation stands still: what acts is suspended, what waits is refused or dropped")
    func another() async throws {
        try await withTemporaryDirectory("backup") { directory in
            try await withFreshStore { store in
                let registry = ResourceKey(kind: "Registry", name: "land")
                try await store.resources.store([DesiredResource(registry, spec: ["a": 1])])
                _ = try await store.orders.give(NewOrder("look", of: registry, by: "anna"))
                try await store.pool.query(
                    """
                    INSERT INTO sluice.notices (kind, name, object_kind, object_name, type, reason, message)
                    VALUES ('NotificationChannel', 'x', 'Registry', 'land', 'Normal', 'R', 'm')
                    """)
                let copy = try await store.backUp(to: "\(directory)/b.tar", program: "test", mark: "x")
                try await withEmptyStore { restored in
                    try await restored.restore(copy, .init(asAnotherInstallation: true))
                    #expect(try await restored.installation() != copy.manifest.installation)
                    let stored = try #require(await restored.resources.get(registry))
                    #expect(Suspension.of(spec: stored.spec)?.reason == "restored as another installation")
                    #expect(stored.spec["a"] == 1 && stored.generation == 2)
                    for (table, column, word) in [("orders", "outcome", "refused"), ("notices", "state", "dropped")] {
                        let found = try await restored.pool.query("SELECT \(column) FROM sluice.\(table)").single()
                        #expect(try found.string(0) == word)
                    }
                }
            }
        }
    }

    @Test("A schema with an index that is made beside those who work can be restored")
    func concurrentIndex() async throws {
        let versions = StateSchema.current.versions
        let next = StateSchema(
            versions: versions + [
                SchemaVersion(
                    3, oldestProgram: 2,
                    """
                    --changeset sluice:version-3
                    INSERT INTO sluice.schema_versions (version, oldest_program) VALUES (3, 2);
                    --rollback DELETE FROM sluice.schema_versions WHERE version = 3;

                    --changeset sluice:index-beside runInTransaction:false
                    CREATE INDEX CONCURRENTLY events_beside ON sluice.events (reason);
                    --rollback DROP INDEX CONCURRENTLY sluice.events_beside;

                    """)
            ])
        try await withTemporaryDirectory("backup") { directory in
            try await withFreshStore { store in
                try await Self.fill(store)
                let before = try await store.backUp(to: "\(directory)/b.tar", program: "test", mark: "x")
                try await store.migrate(to: next)
                let after = try await store.backUp(to: "\(directory)/c.tar", program: "test", mark: "x")
                for file in [before, after] {
                    try await store.restore(file, .init(replacing: true), to: next)
                    #expect(try await store.schemaStatus(for: next).fit == .same)
                    let index = try await store.pool.query("SELECT to_regclass('sluice.events_beside') IS NOT NULL")
                    #expect(try index.single().bool(0))
                }
            }
        }
    }

    /// Writes the same backup with another manifest, its digest and all.
    private static func rewrite(
        _ backup: BackupFile, to other: String, _ change: (inout [String: JSONValue]) -> Void
    ) throws {
        var manifest = try #require(try JSONValue(encoding: backup.manifest).object)
        change(&manifest)
        var bytes: [UInt8] = []
        func add(_ name: String, _ content: [UInt8]) {
            let header = TarHeader(name: name, size: content.count)
            bytes += header.bytes + content + [UInt8](repeating: 0, count: header.padding)
        }
        add(BackupFile.markName, BackupFile.mark)
        for part in backup.manifest.tables.flatMap(\.parts) { add(part.name, try backup.content(of: part)) }
        let text = Array(JSONValue.object(manifest).prettyText.utf8)
        add(BackupFile.manifestName, text)
        add(BackupFile.digestName, BackupFile.digestLine(SHA256.hash(data: text).hexadecimal))
        try Data(bytes + [UInt8](repeating: 0, count: 2 * TarHeader.block)).write(to: URL(filePath: other))
    }
}
