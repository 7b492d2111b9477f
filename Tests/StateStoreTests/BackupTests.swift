import AccessControl
import DesiredState
import Diagnostics
import Foundation
import PostgresClient
import StateStoreSupport
import TestSupport
import Testing

@testable import StateStore

@Suite("Backups")
struct BackupTests {
    @Test(
        "F-15 What was backed up is there again, in another database: every row, sequences, an intact audit chain, and no lease"
    )
    func roundTrip() async throws {
        try await withTemporaryDirectory("backup") { directory in
            try await withFreshStore { store in
                try await Self.fill(store)
                let held = try #require(await store.claim(leaseFor: .seconds(3_600)))
                _ = try await store.history.begin(NewRun(tasks: [PlannedTask("deploy", target: "db")]), under: held)
                let backup = try await store.backUp(to: "\(directory)/b.tar", program: "test", mark: "x")
                #expect(try Self.mode("\(directory)/b.tar") == 0o600)
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["b.tar"])
                let before = try await Self.rows(store)

                try await withEmptyStore { restored in
                    try await restored.restore(backup)
                    let after = try await Self.rows(restored)
                    #expect(Set(before.keys) == Set(after.keys))
                    for (table, rows) in before where !["work_items", "installation", "audit_log"].contains(table) {
                        #expect(after[table] == rows, "\(table)")
                    }
                    let log = try #require(after["audit_log"])
                    #expect(Set(log).isSuperset(of: before["audit_log"] ?? []))
                    #expect(log.count == (before["audit_log"]?.count ?? 0) + 1)
                    #expect(try await restored.installation() == store.installation())
                    #expect(try await restored.schemaStatus().fit == .same)
                    #expect(try await Self.isIntact(restored))
                    // What was under way is taken over at once, and a fence of the time before is worth nothing.
                    let recoveries = try await restored.queue.recoverExpired(policy: QuarantinePolicy()) { 0 }
                    #expect(recoveries.map(\.key) == [held.key])
                    let next = try #require(await restored.claim())
                    #expect(next.fence > held.fence + 1_000_000)
                    try await restored.audit.append(Self.entry("after"))
                    try await restored.events.append(
                        [NewEvent(.normal, reason: "After", message: "it goes on")], to: held.key)
                    #expect(try await Self.isIntact(restored))
                    let order = try await restored.orders.give(
                        NewOrder("look", of: candidate("1"), by: "anna"))
                    #expect(order.id == 2)
                }
            }
        }
    }

    @Test("A backup that an older version made is brought to today's schema with everything that it holds")
    func older() async throws {
        try await withTemporaryDirectory("backup") { directory in
            let dump = try String(contentsOfFile: Self.fixture, encoding: .utf8)
            try await withEmptyStore { store in
                try await store.pool.withConnection { try await $0.runScript(dump) }
                let backup = try await store.backUp(to: "\(directory)/b.tar", program: "test", mark: "x")
                #expect(backup.manifest.schemaVersion == 1 && backup.manifest.tables.count == 8)
                try await withEmptyStore { restored in
                    try await restored.restore(backup)
                    #expect(try await restored.schemaStatus().fit == .same)
                    #expect(try await restored.history.runs().elements.count == 14)
                    #expect(try await restored.audit.list().elements.count == 1)
                }
            }
        }
    }

    @Test("A file that was cut off anywhere, or in which any byte is another, is refused before a row is written")
    func damaged() async throws {
        try await withTemporaryDirectory("backup") { directory in
            try await withFreshStore { store in
                try await Self.fill(store)
                let whole = try await store.backUp(to: "\(directory)/b.tar", program: "test", mark: "x")
                let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(directory)/b.tar")))
                func refused(_ bytes: [UInt8]) throws -> SluiceError.Code? {
                    let path = "\(directory)/other.tar"
                    try Data(bytes).write(to: URL(filePath: path))
                    do {
                        _ = try BackupFile(path)
                        return nil
                    } catch { return SluiceError(wrapping: error).code }
                }
                #expect(try refused(bytes) == nil)
                for length in stride(from: 0, to: bytes.count, by: 997) + [bytes.count - 1, bytes.count - 512] {
                    let code = try refused(Array(bytes.prefix(length)))
                    #expect(["backup.truncated", "backup.foreign", "backup.damaged"].contains(code), "\(length) bytes")
                }
                var generator = SystemRandomNumberGenerator()
                let places =
                    Array(0..<1_024) + (0..<300).map { _ in Int.random(in: 0..<bytes.count, using: &generator) }
                for place in places {
                    var other = bytes
                    other[place] ^= UInt8.random(in: 1...255, using: &generator)
                    let code = try refused(other)
                    #expect(code?.rawValue.hasPrefix("backup.") ?? false, "byte \(place): \(code?.rawValue ?? "taken")")
                }
                #expect(try refused(bytes + [0]) == "backup.damaged")
                let path = "\(directory)/b.tar"
                #expect(throws: BackupError.unexpected(whole.digest)) { try BackupFile(path, expecting: "0") }
            }
        }
    }

    @Test("A file that is changed after it was checked restores nothing")
    func changedMeanwhile() async throws {
        try await withTemporaryDirectory("backup") { directory in
            try await withFreshStore { store in
                try await Self.fill(store)
                let backup = try await store.backUp(to: "\(directory)/b.tar", program: "test", mark: "x")
                let handle = try #require(FileHandle(forUpdatingAtPath: "\(directory)/b.tar"))
                let text = try #require(try handle.readToEnd())
                let place = try #require(text.firstRange(of: Data("by-anna".utf8))).lowerBound
                try handle.seek(toOffset: UInt64(place))
                try handle.write(contentsOf: Data("by-bert".utf8))
                try handle.close()
                try await withEmptyStore { restored in
                    await #expect(throws: BackupError.self) { try await restored.restore(backup) }
                    let status = try await restored.schemaStatus()
                    #expect(status.fit == .empty)
                }
            }
        }
    }

    @Test(
        "It takes the place of nothing unasked: neither a file, nor what a database holds, nor what controllers work on"
    )
    func careful() async throws {
        try await withTemporaryDirectory("backup") { directory in
            let path = "\(directory)/b.tar"
            try await withFreshStore { store in
                try await Self.fill(store)
                let backup = try await store.backUp(to: path, program: "test", mark: "x")
                await #expect(throws: BackupError.exists(path)) {
                    try await store.backUp(to: path, program: "test", mark: "y")
                }
                _ = try await store.backUp(to: path, overwriting: true, program: "test", mark: "y")
                await #expect(throws: BackupError.notEmpty("sluice.audit_log")) { try await store.restore(backup) }
                try await store.audit.append(Self.entry("later"))
                let again = try BackupFile(path)
                try await store.restore(again, .init(replacing: true))
                #expect(try await store.audit.list().elements.count == 4)

                let name = StateStore.applicationName
                let working = try await PostgresConnection.open(store.pool.configuration.with(applicationName: name))
                await #expect(throws: BackupError.inUse(1)) { try await store.restore(again, .init(replacing: true)) }
                await working.close()
            }
            try await withEmptyStore { store in
                await #expect(throws: BackupError.nothing) {
                    try await store.backUp(to: "\(directory)/none.tar", program: "test", mark: "x")
                }
                let files = try FileManager.default.contentsOfDirectory(atPath: directory)
                #expect(files == ["b.tar"])
            }
        }
    }

    @Test(
        "Tables larger than a part are cut into parts and put together again, and writers meanwhile change nothing of it"
    )
    func large() async throws {
        try await withTemporaryDirectory("backup") { directory in
            try await withFreshStore { store in
                try await store.pool.query(
                    """
                    INSERT INTO sluice.events (kind, name, type, reason, message)
                    SELECT 'Candidate', 'land/' || n, 'Normal', 'Told', repeat(n || E'\\t\\\\\\n ', 40)
                    FROM generate_series(1, 60000) AS n
                    """)
                async let writing: Void = {
                    for number in 0..<50 { try await store.audit.append(Self.entry("w\(number)")) }
                }()
                let backup = try await store.backUp(to: "\(directory)/b.tar", program: "test", mark: "x")
                try await writing
                let events = try #require(backup.manifest.tables.first { $0.name == "events" })
                #expect(events.rows == 60_000 && events.parts.count > 1)
                #expect(events.parts.allSatisfy { $0.bytes <= BackupFile.partLimit })
                try await withEmptyStore { restored in
                    try await restored.restore(backup)
                    let digest = "SELECT md5(string_agg(e::text, '|' ORDER BY id)) FROM sluice.events e"
                    #expect(
                        try await restored.pool.query(digest).single().string(0)
                            == store.pool.query(digest).single().string(0))
                    #expect(try await Self.isIntact(restored))
                }
            }
        }
    }
}

extension BackupTests {
    static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/schema-1.sql").path(percentEncoded: false)

    static func entry(_ request: String) -> AuditEntry {
        AuditEntry(
            actor: "by-anna", proof: .token, address: "192.0.2.1", action: "reconcileResource", verb: .reconcile,
            object: .resource(.registry, "land"), arguments: [:], outcome: .done, request: request)
    }

    /// Something in most tables, with what COPY has to escape.
    static func fill(_ store: StateStore) async throws {
        for number in 0..<3 { try await store.audit.append(entry("r\(number)")) }
        let keys = (1...5).map { candidate("\($0)") }
        try await store.resources.store(keys.map { DesiredResource($0, spec: ["text": "tab\t, line\n, \\N, ü, \"'"]) })
        try await store.queue.enqueue(keys.map { EnqueueRequest($0, lane: .deploy, reason: "a,b {c}\\") })
        for number in 0..<2 {
            let lease = try #require(await store.claim())
            let run = try await store.history.begin(
                NewRun(tasks: [PlannedTask("clone", target: "db-\(number)")]), under: lease)
            try await store.history.start(run.tasks[0], of: run)
            try await store.history.finish(run.tasks[0], of: run, .succeeded(summary: ["rows": 3]))
            try await store.history.finish(run, .succeeded(summary: [:]))
            try await store.queue.end(lease, PassEnd())
        }
        try await store.events.append([NewEvent(.warning, reason: "Odd", message: "\\.\n\\N")], to: keys[0])
        _ = try await store.orders.give(NewOrder("look", of: keys[0], by: "anna"))
    }

    /// The rows of each table as text.
    private static func rows(_ store: StateStore) async throws -> [String: [String]] {
        var all: [String: [String]] = [:]
        let tables = try await store.pool.query(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'sluice' AND tablename !~ 'databasechangelog|schema_'"
        )
        for table in tables {
            let name = try table.string("name")
            all[name] = try await store.pool.query("SELECT t::text AS row FROM sluice.\(name) t ORDER BY 1").map {
                try $0.string("row")
            }
        }
        return all
    }

    static func isIntact(_ store: StateStore) async throws -> Bool {
        var chain = AuditChain()
        let faults = try await store.audit.list(page: PageRequest(limit: 500)).elements.compactMap { chain.take($0) }
        return faults.isEmpty && chain.end() == nil
    }

    private static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// Calls `body` with a store in a database of its own, as somebody who is no controller.
    func withFreshStore(_ body: (StateStore) async throws -> Void) async throws {
        try await withEmptyStore { store in
            try await store.migrate()
            try await body(store)
        }
    }

    /// Calls `body` with a store in a database without a schema.
    func withEmptyStore(_ body: (StateStore) async throws -> Void) async throws {
        try await withDatabase { configuration in
            let pool = PostgresPool(configuration: configuration.with(applicationName: "test"), size: 4)
            let result: Result<Void, any Error>
            do { result = .success(try await body(StateStore(pool: pool))) } catch { result = .failure(error) }
            await pool.close()
            try result.get()
        }
    }
}
