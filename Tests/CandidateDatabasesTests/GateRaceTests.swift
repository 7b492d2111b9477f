import DesiredState
import Forges
import GitClient
import PostgresClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("The gate while the world moves")
struct GateRaceTests {
    /// Sleeps for ever and takes no cancel for an answer.
    private static let deaf = """
        SET client_connection_check_interval = 0;
        DO $$ BEGIN LOOP
          BEGIN PERFORM pg_sleep(3600); EXCEPTION WHEN query_canceled THEN NULL; END;
        END LOOP; END $$
        """

    @Test(
        "F-08: a new revision ends the deploy of the old one, even a deaf one; the old is recorded as cancelled and never judged",
        arguments: ["SELECT pg_sleep(1e9)", deaf])
    func superseded(_ statement: String) async throws {
        try await GateWorld.with { world in
            let old = try await world.push(HostileChangelog("slow", statement).files, as: "1")
            try await world.wake()
            async let first: Int = world.engine(worker: "first").drain(limit: 200)
            try await world.waitForStatement(like: "%pg_sleep%", of: "1")
            let new = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            try await world.wake()
            try await world.engine(worker: "second").drain(limit: 200)
            _ = try await first
            try await world.settle()
            #expect(try await world.verdict(old, of: "1")?.verdict ?? .unknown == .unknown)
            #expect(try await world.requireVerdict(new, of: "1").verdict == .success)
            #expect(try await world.tables("1") == ["a", "parcel"])
            let runs = try await world.store.history.runs(HistoryFilter(revision: old.hex)).elements
            let candidate = runs.filter { $0.key.kind == GateKey.candidateKind }
            // Newest first: before the deploy, the label was taken off while the base template was made.
            #expect(candidate.map(\.status) == [.cancelled, .succeeded])
            #expect(try await world.leftovers().isEmpty)
        }
    }

    @Test("F-08, V-02: a revision that arrives at any boundary before the vote keeps the vote off the old one")
    func everyBoundary() async throws {
        let points = [
            "recorded:plan", "before:verdict.pending", "after:verdict.pending", "after:database.clone",
            "before:changelog.deploy", "after:changelog.deploy", "after:database.publish", "before:verdict.report",
        ]
        try await GateWorld.with { world in
            try await world.push(["README.md": "warm"], as: "warm")
            try await world.settle()
            for (index, point) in points.enumerated() {
                let id = "c\(index)"
                let old = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: id)
                let failpoints = ScriptedFailpoints { reached, times in
                    guard reached == point, times == 1 else { return }
                    try await world.push(GateWorld.adding("b", "create table b_\(index) (id int);"), as: id)
                }
                try await world.wake()
                try await world.engine(failpoints: failpoints).drain(limit: 200)
                try await world.settle()
                let new = try ObjectID(try await world.repository.git("rev-parse", "refs/heads/candidate/\(id)"))
                #expect(new != old, "\(point) was not reached")
                #expect(try await world.verdict(old, of: id)?.verdict ?? .unknown == .unknown, "\(point)")
                #expect(try await world.requireVerdict(new, of: id).verdict == .success, "\(point)")
                #expect(try await world.tables(id) == ["b_\(index)", "parcel"], "\(point)")
            }
            #expect(try await world.leftovers().isEmpty)
        }
    }

    @Test("F-08: a candidate that is deleted while it deploys is dismantled, deaf or not")
    func deleted() async throws {
        try await GateWorld.with { world in
            try await world.push(HostileChangelog("slow", Self.deaf).files, as: "1")
            try await world.wake()
            async let first: Int = world.engine(worker: "first").drain(limit: 200)
            try await world.waitForStatement(like: "%pg_sleep%", of: "1")
            try await world.repository.delete("candidate/1")
            try await world.wake()
            try await world.engine(worker: "second").drain(limit: 200)
            _ = try await first
            try await world.settle()
            #expect(try await world.published().isEmpty)
            #expect(try await world.leftovers().isEmpty)
            let logins = try await world.postgres.server.listRoles(prefix: world.registry.names.privatePrefix + "login")
            #expect(logins.isEmpty)
            #expect(try await world.store.resources.get(GateKey.candidate("1", of: "land")) == nil)
        }
    }

    @Test("two replicas on one store and one world deploy every revision once")
    func replicas() async throws {
        try await GateWorld.with { world in
            let ids = (1...6).map(String.init)
            var revisions: [ObjectID] = []
            for id in ids {
                revisions.append(
                    try await world.push(GateWorld.adding("t", "create table t_\(id) (id int);"), as: id))
            }
            try await world.wake()
            async let one: Int = world.engine(worker: "one").drain(limit: 400)
            async let two: Int = world.engine(worker: "two").drain(limit: 400)
            _ = try await (one, two)
            try await world.settle()
            for (id, revision) in zip(ids, revisions) {
                #expect(try await world.requireVerdict(revision, of: id).verdict == .success)
                #expect(try await world.tables(id) == ["parcel", "t_\(id)"])
                #expect(try await world.deploys(of: id) == 1)
            }
            let bases = try await world.store.history.tasks(HistoryFilter(action: "base.deploy")).elements
            #expect(bases.count == 1)
            #expect(try await world.leftovers().isEmpty)
        }
    }
}

extension GateWorld {
    /// Waits until a candidate's build runs a statement.
    func waitForStatement(like pattern: String, of id: String) async throws {
        let build = registry.names.build(id)
        while try await postgres.server.pool.query(
            "SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE $2", [build, pattern]
        ).isEmpty {
            try Task.checkCancellation()
        }
    }
}
