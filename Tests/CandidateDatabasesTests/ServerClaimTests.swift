import Diagnostics
import PostgresClient
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("Two installations on one server")
struct ServerClaimTests {
    @Test("F-16: under one instance's name only one of them works; the other is told, and changes nothing")
    func claimed() async throws {
        let postgres = try await TestPostgres.shared()
        try await postgres.withPrefix { prefix in
            let role = ServerClaims.role(of: prefix)
            func comment() async throws -> String? {
                try await postgres.server.pool.query(
                    "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = $1", [role]
                ).first?.optionalString(0)
            }
            let (first, second) = (ServerClaims(installation: "first"), ServerClaims(installation: "second"))
            try await first.hold(postgres.server, named: "main", instance: prefix)
            let claim = try await comment()
            #expect(claim?.contains("first") == true)
            // Whoever only looks sees the same, and leaves nothing behind.
            #expect(try await second.refusal(on: postgres.server, instance: prefix)?.code == "server.claimed")
            #expect(try await first.refusal(on: postgres.server, instance: prefix) == nil)
            #expect(try await second.refusal(on: postgres.server, instance: "\(prefix)other") == nil)
            #expect(try await !postgres.server.roleExists(ServerClaims.role(of: "\(prefix)other")))
            let error = await #expect(throws: SluiceError.self) {
                try await second.hold(postgres.server, named: "main", instance: prefix)
            }
            #expect(error?.code == "server.claimed" && error?.kind == .stalled)
            #expect(try await comment() == claim)
            // Replicas of the first are the first; another instance is nobody's.
            try await ServerClaims(installation: "first").hold(postgres.server, named: "main", instance: prefix)
            try await second.hold(postgres.server, named: "main", instance: "\(prefix)other")
            for instance in [prefix, "\(prefix)other"] {
                try await postgres.server.dropRole(ServerClaims.role(of: instance))
            }
        }
    }

    @Test("F-16: a claim is renewed by whose it is, without a pass; nobody takes or begins one that way")
    func renewed() async throws {
        let postgres = try await TestPostgres.shared()
        try await postgres.withPrefix { prefix in
            let role = ServerClaims.role(of: prefix)
            let (first, second) = (ServerClaims(installation: "first"), ServerClaims(installation: "second"))
            #expect(try await first.renew(postgres.server, instance: prefix) == false)
            #expect(try await !postgres.server.roleExists(role))
            try await first.hold(postgres.server, named: "main", instance: prefix)
            for age in [300, 1_199, 100_000] {
                try await Self.age(role, by: age, of: "first", on: postgres)
                #expect(try await first.renew(postgres.server, instance: prefix))
                let error = await #expect(throws: SluiceError.self) {
                    try await second.renew(postgres.server, instance: prefix)
                }
                #expect(error?.code == "server.claimed")
            }
            // Left alone by whoever went: the second gets it by working there, and not before.
            try await Self.age(role, by: 1_300, of: "first", on: postgres)
            #expect(try await second.renew(postgres.server, instance: prefix) == false)
            #expect(try await second.look(postgres.server, instance: prefix).claim?.installation == "first")
            try await second.hold(postgres.server, named: "main", instance: prefix)
            let error = await #expect(throws: SluiceError.self) {
                try await first.renew(postgres.server, instance: prefix)
            }
            #expect(error?.code == "server.claimed")
            try await postgres.server.dropRole(role)
        }
    }

    private static func age(
        _ role: String, by seconds: Int, of installation: String, on postgres: TestPostgres
    ) async throws {
        try await postgres.server.pool.query(
            """
            DO $$ BEGIN EXECUTE format('COMMENT ON ROLE %I IS %L', '\(role)', json_build_object('installation',
                '\(installation)', 'renewed', extract(epoch FROM clock_timestamp())::bigint - \(seconds))::text); END $$
            """)
    }

    @Test("F-16: of several that begin at the same time, one gets the server")
    func race() async throws {
        let postgres = try await TestPostgres.shared()
        try await postgres.withPrefix { prefix in
            let winners = await withTaskGroup(of: Int.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        let claims = ServerClaims(installation: "\(number)")
                        do {
                            try await claims.hold(postgres.server, named: "main", instance: prefix)
                            return 1
                        } catch { return 0 }
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(winners == 1)
            try await postgres.server.dropRole(ServerClaims.role(of: prefix))
        }
    }

    @Test(
        "A claim is kept while it is young, renewed when it is not, and another's is taken only when nobody renews it",
        arguments: [
            (nil, "a", ServerClaim.Decision.write), (("a", 0), "a", .keep), (("a", 239), "a", .keep),
            (("a", 240), "a", .write), (("a", -5), "a", .write), (("b", 0), "a", .refuse(seconds: 1_200)),
            (("b", 1_199), "a", .refuse(seconds: 1)), (("b", 1_200), "a", .write),
            (("b", -100), "a", .refuse(seconds: 1_200)), (("b", -1_200), "a", .write),
        ] as [((String, Int)?, String, ServerClaim.Decision)])
    func decided(found: (String, Int)?, mine: String, decision: ServerClaim.Decision) {
        let claim = found.map { ServerClaim(installation: $0.0, renewed: 10_000 - $0.1) }
        #expect(ServerClaim.decide(claim, for: mine, at: 10_000) == decision)
        let absurd = ServerClaim(installation: "b", renewed: .min)
        #expect(ServerClaim.decide(absurd, for: mine, at: 10_000) == .write, "no number traps")
    }

    @Test("F-16: under two instances' names, each sweeps its own candidates and leaves the other's alone")
    func sideBySide() async throws {
        try await GateWorld.with { first in
            try await GateWorld.with(on: first.postgres) { second in
                for world in [first, second] {
                    try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
                    try await world.settle()
                    #expect(try await world.published() == ["1"])
                }
                try await first.close("1")
                for world in [first, second] { try await world.settle() }
                #expect(try await first.published().isEmpty)
                #expect(try await second.published() == ["1"])
                #expect(try await second.tables("1") == ["a", "parcel"])
            }
        }
    }
}
