import Foundation
import TestSupport
import Testing

@testable import Changelog

@Suite struct AttemptLogFileTests {
    private static func record(_ event: AttemptRecord.Event, run: String = "r1") -> AttemptRecord {
        var record = AttemptRecord(
            event, time: Date(timeIntervalSince1970: 1_700_000_000.25), run: run, database: "7/land",
            actor: "web-1 (sluice 7)", engine: "sluice",
            changeSet: .init(id: "1\"\n\u{1}", author: "ä\\", path: "db/c.xml"))
        record.attempt = 2
        record.statement = 3
        record.statementCount = 4
        record.sqlState = "55P03"
        record.milliseconds = 812
        record.message = "no lock"
        record.blockers = [
            BlockingSession(
                processID: 9, isRoot: true, application: "w", user: "u", client: nil, state: "active",
                kind: "client backend", transactionAge: 3, lock: nil, query: "select 'x'")
        ]
        return record
    }

    @Test("what is written is read again, whatever characters a changeset's names have, newest first")
    func roundTrip() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/deep/attempts.ndjson"
            let log = AttemptLogFile(path: path)
            log.append(Self.record(.begun))
            // Another process writes to the same file.
            AttemptLogFile(path: path).append(Self.record(.failed, run: "r2"))
            log.append(Self.record(.applied))
            let records = AttemptLogFile.records(at: path)
            #expect(records == [Self.record(.applied), Self.record(.failed, run: "r2"), Self.record(.begun)])
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("a torn or foreign line does not hide the others")
    func torn() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/a.ndjson"
            AttemptLogFile(path: path).append(Self.record(.begun))
            let whole = try String(contentsOfFile: path, encoding: .utf8)
            try "nonsense\n\(whole){\"time\":".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(AttemptLogFile.records(at: path).map(\.event) == [.begun])
        }
    }

    @Test("a place that cannot be written costs one warning, and no deploy")
    func unwritable() async throws {
        await confirmation { warned in
            let log = AttemptLogFile(path: "/proc/nowhere/attempts.ndjson") { _ in warned() }
            log.append(Self.record(.begun))
            log.append(Self.record(.applied))
        }
    }
}
