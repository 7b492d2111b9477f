import AccessControl
import DesiredState
import Foundation
import PostgresClient
import StateStore
import StateStoreSupport
import TestSupport
import Testing

@Suite("The audit log")
struct AuditLogTests {
    private static func entry(_ actor: String = "anna", _ outcome: AuditEntry.Outcome = .done, request: String = "r")
        -> AuditEntry
    {
        AuditEntry(
            actor: actor, proof: .token, address: "192.0.2.1", action: "reconcileResource", verb: .reconcile,
            object: .resource(.registry, "land"), arguments: ["zone": "a\0b"], outcome: outcome, request: request)
    }

    private static func faults(_ store: StateStore) async throws -> [AuditChain.Fault] {
        var chain = AuditChain()
        var faults: [AuditChain.Fault] = []
        var page = PageRequest(limit: 7)
        while true {
            let read = try await store.audit.list(page: page)
            faults += read.elements.compactMap { chain.take($0) }
            guard let next = read.next else { break }
            page = PageRequest(limit: 7, after: next)
        }
        return faults + [chain.end()].compactMap(\.self)
    }

    @Test("Records of many writers at once make one chain without a gap")
    func concurrently() async throws {
        try await withStore { store in
            try await withThrowingTaskGroup { group in
                for number in 0..<40 {
                    group.addTask { try await store.audit.append(Self.entry(request: "r\(number)")) }
                }
                try await group.waitForAll()
            }
            let records = try await store.audit.list().elements
            #expect(records.map(\.id) == (1...40).reversed().map(Int64.init))
            #expect(try await Self.faults(store).isEmpty)
        }
    }

    @Test(
        "Whatever kind and name somebody asks for is kept, as far as there is room, and an address without its password"
    )
    func hostile() async throws {
        try await withStore { store in
            let long = String((0..<6_000).map { _ in Character(Unicode.Scalar(UInt8.random(in: 33...126))) })
            for (kind, name) in [("\0", "x"), (long, long), ("Registry", "e\u{301}" + long)] {
                var entry = Self.entry()
                entry.object = .resource(ResourceKey(kind: kind, name: name))
                entry.arguments = ["repo": "https://bot:s3cret-token@host.example/a.git"]
                try await store.audit.append(entry)
            }
            let records = try await store.audit.list().elements
            #expect(records.count == 3 && records.allSatisfy { !$0.body.contains("s3cret-token") })
            #expect(try await Self.faults(store).isEmpty)
        }
    }

    @Test("They are found by who, what, outcome, request and time, newest first")
    func filters() async throws {
        try await withStore { store in
            try await store.audit.append(Self.entry("anna", .begun, request: "one"))
            try await store.audit.append(Self.entry("anna", .done, request: "one"))
            try await store.audit.append(Self.entry("bob", .refused, request: "two"))
            func ids(_ filter: AuditLog.Filter) async throws -> [Int64] {
                try await store.audit.list(filter).elements.map(\.id)
            }
            #expect(try await ids(.init(actor: "anna")) == [2, 1])
            #expect(try await ids(.init(outcomes: [.refused, .begun])) == [3, 1])
            #expect(try await ids(.init(request: "one")) == [2, 1])
            #expect(try await ids(.init(kind: "Registry", name: "land")) == [3, 2, 1])
            #expect(try await ids(.init(kind: "Release")) == [])
            #expect(
                try await ids(.init(since: Date(timeIntervalSince1970: 0), until: Date(timeIntervalSince1970: 4e9)))
                    == [3, 2, 1])
            #expect(try await ids(.init(since: Date(timeIntervalSince1970: 4e9))) == [])
        }
    }

    @Test("Nobody changes, removes or empties it, its owner included, while its triggers are there")
    func appendOnly() async throws {
        try await withStore { store in
            try await store.audit.append(Self.entry())
            for statement in [
                "UPDATE sluice.audit_log SET body = body", "DELETE FROM sluice.audit_log",
                "TRUNCATE sluice.audit_log", "TRUNCATE sluice.audit_log CASCADE",
                "INSERT INTO sluice.audit_log (id, body, previous, hash) VALUES (1, '{}', '', '')",
                "SET session_replication_role = replica; DELETE FROM sluice.audit_log",
            ] {
                await #expect(throws: (any Error).self) {
                    try await store.pool.withConnection { try await $0.execute(statement) }
                }
            }
            #expect(try await Self.faults(store).isEmpty)
        }
    }

    @Test("An owner who takes the triggers away is found out")
    func owner() async throws {
        try await withStore { store in
            for _ in 0..<3 { try await store.audit.append(Self.entry()) }
            try await store.pool.withConnection { connection in
                try await connection.execute("ALTER TABLE sluice.audit_log DISABLE TRIGGER ALL")
                try await connection.execute("GRANT ALL ON sluice.audit_log TO CURRENT_USER")
                try await connection.execute(
                    "UPDATE sluice.audit_log SET body = replace(body, 'anna', 'bob') WHERE id = 2")
            }
            #expect(try await Self.faults(store) == [.altered(2)])
        }
    }
}
