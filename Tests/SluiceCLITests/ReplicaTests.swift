import ChildProcess
import DesiredState
import EmbeddedPostgres
import ForgeDoubles
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("Several replicas", .serialized)
struct ReplicaTests {
    /// For how long replicas are killed: `SLUICE_REPLICA_SECONDS=120 swift test --filter ReplicaTests`.
    private static let seconds =
        ProcessInfo.processInfo.environment["SLUICE_REPLICA_SECONDS"].flatMap { Double($0) } ?? 12

    @Test(
        "L-12: of three replicas one is killed every few seconds while candidates and releases come; all end right, with no effect twice"
    )
    func killed() async throws {
        try await ReplicaWorld.with(3) { world in
            var candidates: [Int] = []
            var releases: [String] = []
            let end = ContinuousClock.now + .seconds(Self.seconds)
            var round = 0
            while ContinuousClock.now < end {
                round += 1
                candidates.append(try await world.propose(SampleRegistry.visits, as: "candidate-\(round)"))
                var isNext = true
                if let last = releases.last { isNext = try await world.isReady("Release", last) }
                if isNext {
                    releases.append("rel\(round)")
                    try await world.release("rel\(round)")
                }
                try await world.replace(round % 3)
                // The pace of the killing, not a wait for anything.
                try await Task.sleep(for: .seconds(2))
            }
            try await world.expectSettled(candidates, releases)
        }
    }

    @Test(
        "F-04: a replica that stands still for longer than its lease writes nothing when it goes on; another has done its work"
    )
    func paused() async throws {
        try await ReplicaWorld.with(2) { world in
            let number = try await world.propose(SampleRegistry.visits, as: "candidate")
            try await world.release("rel1")
            let holder = try await eventually("a replica at work") { try await world.working() }
            try world.replica(holder).process.send(signal: 19)
            try await world.expectVerdict(on: number)
            try await world.expectReleased("rel1")
            try world.replica(holder).process.send(signal: 18)
            try await world.expectSettled([number], ["rel1"])
        }
    }

    @Test("F-16: an installation keeps its claim on a server although its only registry is suspended")
    func suspended() async throws {
        try await ReplicaWorld.with(1) { world in
            let number = try await world.propose(SampleRegistry.visits, as: "candidate")
            try await world.expectVerdict(on: number)
            let manifest = "\(world.config)/registry.yaml"
            let text = try String(contentsOfFile: manifest, encoding: .utf8)
            try "\(text)  suspend: true\n".write(toFile: manifest, atomically: true, encoding: .utf8)
            _ = try await eventually("the suspension") {
                try await world.objects("Registry").first?["spec"]?["suspend"] == true ? true : nil
            }
            // Nearly long enough ago for another installation.
            let (installation, _) = try #require(await world.claim())
            try await world.withServer { server in
                _ = try await server.pool.query(
                    """
                    DO $$ DECLARE claim text; BEGIN
                        SELECT rolname INTO claim FROM pg_roles WHERE starts_with(rolname, 'sluice-claim-');
                        EXECUTE format('COMMENT ON ROLE %I IS %L', claim, json_build_object('installation', '\(installation)',
                            'renewed', extract(epoch FROM clock_timestamp())::bigint - 1100)::text);
                    END $$
                    """)
            }
            #expect(try await world.claim()?.age ?? 0 >= 1_100)
            try await world.replace(0)
            let renewed = try await eventually("the claim to be renewed") {
                try await world.claim().flatMap { $0.age < 1_000 ? $0 : nil }
            }
            #expect(renewed.installation == installation)
            #expect(try await world.objects("Registry").first?["spec"]?["suspend"] == true)
        }
    }

    @Test("F-04: replicas whose connections to the state database are cut go on, and lose nothing")
    func cut() async throws {
        try await ReplicaWorld.with(2) { world in
            var candidates: [Int] = []
            for round in 1...4 {
                candidates.append(try await world.propose(SampleRegistry.visits, as: "candidate-\(round)"))
                try await world.withServer { server in
                    _ = try await server.pool.query(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = 'state' AND pid <> pg_backend_pid()
                        """)
                }
            }
            try await world.release("rel1")
            try await world.expectSettled(candidates, ["rel1"])
        }
    }
}

extension ReplicaWorld {
    /// The replica that works on a candidate or a release now; nil when none does.
    func working() async throws -> Int? {
        let owner = try await inState { connection in
            try await connection.query(
                """
                SELECT owner FROM sluice.work_items
                WHERE state = 'running' AND (kind = 'Release' OR kind = 'Candidate' AND lane = 'deploy') LIMIT 1
                """
            ).first?.optionalString("owner")
        }
        guard let owner else { return nil }
        // A worker's name has its process in it.
        return try (0..<2).first { owner.contains("-\(try replica($0).process.processIdentifier)-") }
    }

    /// Which installation has claimed the server of candidates, and how many seconds ago it said so last.
    func claim() async throws -> (installation: String, age: Int)? {
        try await withServer { server in
            try await server.pool.query(
                """
                SELECT claim->>'installation' AS installation,
                    extract(epoch FROM clock_timestamp())::bigint - (claim->>'renewed')::bigint AS age
                FROM (SELECT shobj_description(oid, 'pg_authid')::json AS claim FROM pg_roles
                    WHERE starts_with(rolname, 'sluice-claim-')) AS claims
                """
            ).first.map { (try $0.string("installation"), Int(try $0.int64("age"))) }
        }
    }

    private func inState<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let connection = try await PostgresConnection.open(cluster.configuration.with(database: "state"))
        let result: Result<Value, any Error>
        do { result = .success(try await body(connection)) } catch { result = .failure(error) }
        await connection.close()
        return try result.get()
    }

    /// Waits for the verdict on a candidate.
    func expectVerdict(on number: Int) async throws {
        try await explained {
            _ = try await eventually("a verdict on candidate \(number)") {
                try await verdicts(on: number).last == "success" ? true : nil
            }
        }
    }

    /// Adds what is known of all objects to what goes wrong.
    private func explained(_ body: () async throws -> Void) async throws {
        do { try await body() } catch {
            let story = try await inState { connection in
                try await connection.query(
                    """
                    SELECT kind || '/' || name || ' ' || state || ' ' || starts || ' ' || not_before || ' '
                        || coalesce(conditions::text, '') AS line
                    FROM sluice.work_items LEFT JOIN sluice.resources USING (kind, name) ORDER BY 1
                    """
                ).map { try $0.string("line") }
            }
            throw Unsettled(cause: "\(error)", story: story.joined(separator: "\n"))
        }
    }

    private struct Unsettled: Error {
        let cause: String
        let story: String
    }

    /// What was said of a candidate's head, without that it is being looked at.
    private func verdicts(on number: Int) async throws -> [String] {
        try await double.administer { world in
            let head = try await world.record(number, in: Self.registry).head
            return try await world.statusRecords(in: Self.registry).filter { $0.commit == head }.map(\.state)
                .filter { ["success", "failed"].contains($0) }
        }
    }

    /// Waits until a release is everywhere.
    func expectReleased(_ name: String) async throws {
        try await explained {
            _ = try await eventually("the release \(name)") {
                try await isReady("Release", name, "Released") ? true : nil
            }
        }
    }

    /// Waits until everything is done, and looks whether anything was done twice or left over.
    func expectSettled(_ candidates: [Int], _ releases: [String]) async throws {
        for number in candidates { try await expectVerdict(on: number) }
        for name in releases { try await expectReleased(name) }
        _ = try await eventually("all runs to end") {
            let open = try await inState { connection in
                try await connection.query(
                    """
                    SELECT (SELECT count(*) FROM sluice.tasks WHERE ended_at IS NULL)
                        + (SELECT count(*) FROM sluice.work_items WHERE state = 'quarantined') AS open
                    """
                ).first?.int64("open")
            }
            return open == 0 ? true : nil
        }
        for number in candidates {
            let said = try await verdicts(on: number)
            #expect(said == ["success"], "candidate \(number): \(said)")
            let record = try await double.administer { try await $0.record(number, in: Self.registry) }
            #expect(record.comments.count { !$0.isSystem } == 1, "\(record.comments.map(\.body))")
        }
        for name in releases {
            let merges = try await merges(of: name)
            #expect(merges == Dictionary(uniqueKeysWithValues: Self.branches.map { ($0, 1) }), "\(name)")
        }
        // The branch's own database and what killed builds left are on no candidate's way.
        let published = Set(candidates.map { "land-\($0)" } + ["land-master"])
        _ = try await eventually("the databases \(published.sorted())") {
            let names = try await withServer { try await $0.listDatabases(prefix: "land-").map(\.name) }
            return Set(names) == published ? true : nil
        }
        _ = try await eventually("nothing but base templates") {
            let kept = try await withServer { try await $0.listDatabases(prefix: "sluice-").map(\.name) }
            return kept.allSatisfy { $0.contains("-base-") } ? true : nil
        }
        for number in candidates.prefix(3) + candidates.suffix(3) {
            let twice = try await changesetsTwice(in: "land-\(number)")
            #expect(twice == 0)
        }
    }

    private func changesetsTwice(in database: String) async throws -> Int64 {
        let connection = try await PostgresConnection.open(cluster.configuration.with(database: database))
        let rows = try await connection.query(
            """
            SELECT count(*) AS twice FROM (
                SELECT FROM public.databasechangelog GROUP BY id, author, filename HAVING count(*) > 1) AS repeated
            """)
        await connection.close()
        return try rows.first?.int64("twice") ?? 0
    }
}
