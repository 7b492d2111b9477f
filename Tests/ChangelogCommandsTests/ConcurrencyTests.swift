import ChildProcess
import Foundation
import Glibc
import PostgresClient
import TestSupport
import Testing

/// Many deployers, and deployers that die or freeze: real processes on a real server.
@Suite(.timeLimit(.minutes(10))) struct ConcurrencyTests {
    private static func counting(_ id: Int) -> String {
        "--changeset a:\(id)\ncreate table if not exists hits (id int);\ninsert into hits values (\(id));\n"
    }

    @Test(
        "two and eight deployers at once, on an empty and on an existing database, apply each changeset once",
        arguments: [2, 8])
    func many(_ count: Int) async throws {
        try await DeployWorld.with((1...6).map(Self.counting).joined()) { world in
            for round in 1...2 {
                if round == 2 {
                    let more = "--liquibase formatted sql\n" + (1...12).map(Self.counting).joined()
                    try more.write(toFile: "\(world.directory)/main.sql", atomically: true, encoding: .utf8)
                }
                let all = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 1...count { group.addTask { try await world.run("update") } }
                    return try await group.reduce(true) { $0 && $1 }
                }
                #expect(all, "\(world.output)")
                #expect(try await world.applied() == (1...(6 * round)).map(String.init))
                #expect(try await world.number("SELECT count(*) - count(DISTINCT id) FROM hits") == 0)
                #expect(try await world.isClean())
                #expect(world.history().count { $0.hasPrefix("applied") } == 6 * round)
            }
        }
    }

    @Test("F-01: a deployer killed in a changeset leaves nothing of it, and the next takes its lock over by itself")
    func killedInChangeSet() async throws {
        let slow = "--changeset a:2\ninsert into hits values (2);\nselect pg_advisory_lock(7);\n"
        try await DeployWorld.with(Self.counting(1) + slow) { world in
            try await world.observer.execute("SELECT pg_advisory_lock(7)")
            let first = try await world.start("update")
            let session = try await world.waiting(at: "pg_advisory_lock(7)")
            first.send(signal: SIGKILL)
            _ = try await first.waitForExit()
            // The next one comes while the server may still be at the dead one's statement.
            let second = try await world.start("update")
            try await world.gone(session)
            try await world.observer.execute("SELECT pg_advisory_unlock(7)")
            #expect(try await second.waitForExit().isSuccess, "\(world.output)")
            #expect(try await world.applied() == ["1", "2"])
            #expect(try await world.number("SELECT count(*) FROM hits") == 2)
            #expect(try await world.isClean())
            #expect(world.history() == ["begun 1", "applied 1", "begun 2", "took-over", "begun 2", "applied 2"])
        }
    }

    private static let index = """
        --changeset a:1 runInTransaction:false
        create table t (a int);
        create unique index concurrently t_a on t (a);
        insert into t values (7);

        """

    @Test("F-01: killed in CREATE INDEX CONCURRENTLY: the invalid index is built anew, and nothing runs twice")
    func killedInConcurrently() async throws {
        try await DeployWorld.with(Self.index) { world in
            let blocker = try await PostgresConnection.open(world.database)
            // A transaction with a snapshot holds the building up.
            try await blocker.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class")
            let first = try await world.start("update")
            let session = try await world.waiting(at: "create unique index concurrently")
            first.send(signal: SIGKILL)
            _ = try await first.waitForExit()
            try await world.gone(session)
            #expect(try await world.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == 1)
            #expect(try await world.run("explain-failure"))
            #expect(world.output.contains("1 of 3 statements applied, whether statement 2"), "\(world.output)")
            #expect(world.output.contains("INVALID index public.t_a"))
            #expect(world.output.contains("began, and the process died in it"))
            try await blocker.execute("ROLLBACK")
            #expect(try await world.run("update"), "\(world.output)")
            #expect(try await world.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == 0)
            #expect(try await world.number("SELECT count(*) FROM t") == 1)
            #expect(try await world.applied() == ["1"])
            #expect(try await world.isClean())
            #expect(world.history() == ["begun 1", "took-over", "begun 1", "applied 1"])
            await blocker.close()
        }
    }

    @Test("F-01: killed between the last statement and the books: it is noted, and not run again")
    func killedBeforeBooks() async throws {
        let text = """
            --changeset a:1 runInTransaction:false
            create table t (a int);
            create index concurrently t_a on t (a);

            """
        try await DeployWorld.with(text) { world in
            #expect(try await world.run("status"))
            let books = try await PostgresConnection.open(world.database)
            #expect(try await world.run("tag", "--tag=start"))
            try await books.execute("BEGIN; LOCK TABLE databasechangelog IN SHARE MODE")
            let first = try await world.start("update")
            let session = try await world.waiting(at: "INSERT INTO public.databasechangelog ")
            first.send(signal: SIGKILL)
            _ = try await first.waitForExit()
            try await world.gone(session)
            try await books.execute("ROLLBACK")
            let made = try await world.number("SELECT 't_a'::regclass::oid::int")
            #expect(try await world.run("update"), "\(world.output)")
            #expect(try await world.number("SELECT 't_a'::regclass::oid::int") == made)
            #expect(try await world.applied().last == "1")
            #expect(try await world.isClean())
            await books.close()
        }
    }

    @Test("F-04: a frozen deployer keeps its lock until its sessions are ended, and changes nothing when it wakes up")
    func frozen() async throws {
        let slow = "--changeset a:2\ninsert into hits values (2);\nselect pg_advisory_xact_lock(7);\n"
        try await DeployWorld.with(Self.counting(1) + slow + Self.counting(3)) { world in
            try await world.observer.execute("SELECT pg_advisory_lock(7)")
            let first = try await world.start("update")
            _ = try await world.waiting(at: "pg_advisory_xact_lock(7)")
            first.send(signal: SIGSTOP)
            _ = try await eventually("the freeze") {
                let state = try String(contentsOfFile: "/proc/\(first.processIdentifier)/stat", encoding: .utf8)
                return state.contains(") T ") ? true : nil
            }
            try await world.observer.execute("SELECT pg_advisory_unlock(7)")
            // Its changeset ends on the server; its lock stays.
            _ = try await eventually("the second changeset") { try await world.applied().count == 2 ? true : nil }
            #expect(try await !world.run("update", "--changelog-lock-wait-time-in-minutes=0"))
            #expect(world.output.contains("changelog.locked"))
            #expect(try await !world.run("release-locks"))
            #expect(world.output.contains("changelog.lock-in-use"))
            #expect(try await world.run("release-locks", "--terminate"), "\(world.output)")
            #expect(try await world.run("update"), "\(world.output)")
            first.send(signal: SIGCONT)
            #expect(try await !first.waitForExit().isSuccess)
            #expect(try await world.applied() == ["1", "2", "3"])
            #expect(try await world.number("SELECT count(*) FROM hits") == 3)
            #expect(try await world.isClean())
        }
    }

    @Test("Liquibase's row is waited for, and the update goes on as soon as it is free")
    func liquibase() async throws {
        try await DeployWorld.with(Self.counting(1)) { world in
            #expect(try await world.run("tag", "--tag=start"))
            try await world.observer.execute(
                "UPDATE databasechangeloglock SET locked = true, lockgranted = now(), lockedby = 'host (10.0.0.1)'")
            #expect(try await !world.run("update", "--changelog-lock-wait-time-in-minutes=0"))
            #expect(world.output.contains("held by host (10.0.0.1)"))
            let waiting = try await world.start("update")
            _ = try await eventually("a run that waits") {
                try await world.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") > 0 ? true : nil
            }
            // What Liquibase sends at its end.
            try await world.observer.execute(
                "UPDATE databasechangeloglock SET locked = false, lockedby = NULL, lockgranted = NULL WHERE id = 1")
            #expect(try await waiting.waitForExit().isSuccess, "\(world.output)")
            #expect(try await world.applied().last == "1")
            #expect(try await world.isClean())
        }
    }
}
