import DesiredState
import Diagnostics
import Forges
import GitClient
import PostgresClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("Hostile SQL in a candidate's changelog")
struct GateHostileSQLTests {
    private static let denied = "42501"
    private static let failed = "Error: changelog.changeset-failed"

    @Test("B-06: what reaches beyond the candidate's database is refused in the server's own words")
    func refused() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let names = world.registry.names
            let own = try SQL.identifier(names.build("drop-own"))
            let neighbour = try SQL.identifier(names.published(GateWorld.neighbour))
            let reference = try SQL.identifier(world.spec.referenceDatabase)
            let administrator = try SQL.identifier(world.postgres.configuration.user)
            let owner = try SQL.identifier(names.owner)
            let denied = Self.denied
            let isContributed = try await world.postgres.offers(extension: "dblink")
            let noExtension = isContributed ? "permission denied to create extension" : "is not available"
            let attacks: [HostileChangelog] = [
                .init("alter-system", "ALTER SYSTEM SET work_mem = '1GB'", denied, outsideTransaction: true),
                .init("create-role", "CREATE ROLE evil", denied, "permission denied to create role"),
                .init("create-superuser", "CREATE ROLE evil SUPERUSER", denied, "superuser"),
                .init("alter-admin", "ALTER ROLE \(administrator) PASSWORD 'x'", denied),
                .init("own-superuser", "ALTER ROLE \(owner) SUPERUSER", denied),
                .init("own-login", "ALTER ROLE \(owner) LOGIN", denied),
                .init("alter-reader", "ALTER ROLE \(try SQL.identifier("\(world.prefix)reader")) LOGIN", denied),
                .init("copy-program", "COPY (SELECT 1) TO PROGRAM 'cat > /tmp/evil'", denied, "external program"),
                .init("copy-from-file", "COPY parcel FROM '/etc/passwd'", denied),
                .init("copy-to-file", "COPY parcel TO '/tmp/evil'", denied),
                .init("copy-stdin", "COPY parcel FROM STDIN", "copyIn"),
                .init("drop-own", "DROP DATABASE \(own)", "must be owner", denied, outsideTransaction: true),
                .init("drop-neighbour", "DROP DATABASE \(neighbour) WITH (FORCE)", outsideTransaction: true),
                .init("drop-reference", "DROP DATABASE \(reference)", "must be owner", outsideTransaction: true),
                .init("rename-reference", "ALTER DATABASE \(reference) RENAME TO evil", "must be owner"),
                .init("set-on-database", "ALTER DATABASE \(reference) SET search_path TO evil", "must be owner"),
                .init("set-on-all", "ALTER ROLE ALL SET search_path TO evil", denied),
                .init("forge-provenance", "COMMENT ON DATABASE \(reference) IS '{\"sluice\":1}'", "must be owner"),
                .init("create-database", "CREATE DATABASE evil", "permission denied", outsideTransaction: true),
                .init("set-role", "SET ROLE \(administrator)", denied),
                .init("set-session", "SET SESSION AUTHORIZATION \(administrator)", denied),
                .init("reset-role", "SET ROLE NONE; CREATE ROLE evil", denied),
                .init("neighbour-role", "SET ROLE \(try SQL.identifier(names.login(GateWorld.neighbour)))"),
                .init("grant-owner", "GRANT \(owner) TO \(administrator)", denied),
                .init("grant-files", "GRANT pg_read_server_files TO \(owner)", denied),
                .init("dblink", "CREATE EXTENSION dblink", noExtension, "\"dblink\""),
                .init("postgres-fdw", "CREATE EXTENSION postgres_fdw", noExtension),
                .init("file-fdw", "CREATE EXTENSION file_fdw", noExtension),
                .init("plpython", "CREATE EXTENSION plpython3u", "plpython3u"),
                .init("c-function", "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/lib/x.so', 'f'", denied),
                .init("internal", "CREATE FUNCTION f() RETURNS int LANGUAGE internal AS 'now'", denied),
                .init("load", "LOAD '/tmp/evil.so'", denied),
                .init(
                    "subscription", "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p", denied,
                    outsideTransaction: true),
                .init(
                    "event-trigger",
                    "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; "
                        + "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION e()", denied),
                .init("tablespace", "CREATE TABLESPACE e LOCATION '/tmp'", denied, outsideTransaction: true),
                .init("lo-import", "SELECT lo_import('/etc/passwd')", denied, "lo_import"),
                .init("read-file", "SELECT pg_read_file('/etc/passwd')", denied),
                .init("list-folder", "SELECT pg_ls_dir('/')", denied),
                .init("reload", "SELECT pg_reload_conf()", denied),
                .init("checkpoint", "CHECKPOINT", denied),
                .init("slot", "SELECT pg_create_logical_replication_slot('s', 'pgoutput')", denied),
                .init("passwords", "CREATE TABLE p AS SELECT rolpassword FROM pg_authid", denied),
                .init("in-catalog", "CREATE TABLE pg_catalog.t (id int)", denied),
                .init(
                    "terminate", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
                    denied),
                .init("psql", "\\! id", "syntax error"),
                .init("own-timeout", "SET statement_timeout = 1; SELECT pg_sleep(60)", "57014"),
            ]
            let verdicts = try await world.attack(with: attacks)
            expectRefused(attacks, verdicts)
            for attack in attacks {
                let body = verdicts[attack.id]?.body ?? ""
                #expect(body.contains("data-model/\(attack.id).sql:"), "\(attack.id): \(body)")
                #expect(body.contains("\nError: "), "\(attack.id): \(body)")
            }
            #expect(try await world.ownSuperusers().isEmpty)
            #expect(try await world.published() == [GateWorld.neighbour, "next"].sorted())
            try await world.expectDismantled(attacks.map(\.id) + [GateWorld.neighbour, "next"])
        }
    }

    @Test(
        "B-06: a changeset that ends its own transaction is refused before anything runs, a prepared one pins nothing")
    func transactionControl() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let code = "Error: changelog.transaction-control"
            let attacks: [HostileChangelog] = [
                .init("commit", "CREATE TABLE t (id int); COMMIT; CREATE TABLE u (id int)", code),
                .init("rollback", "ROLLBACK", code),
                .init("end", "/* COMMIT */ END; SELECT 1", code),
                .init("prepare", "PREPARE TRANSACTION 'pin'", code),
                .init("left-open", "BEGIN; CREATE TABLE t (id int)", code, outsideTransaction: true),
                .init(
                    "prepare-outside", "BEGIN; CREATE TABLE t (id int); PREPARE TRANSACTION 'pin'", "55000",
                    outsideTransaction: true),
                .init("commit-in-block", "DO $$ BEGIN COMMIT; END $$", "2D000"),
            ]
            expectRefused(attacks, try await world.attack(with: attacks))
            try await world.expectDismantled(attacks.map(\.id) + [GateWorld.neighbour, "next"])
        }
    }

    @Test("B-06: what never ends, and what closes its ears to a cancel, is ended from outside at the deadline")
    func deadline() async throws {
        try await GateWorld.with { world in
            let code = "Error: candidate.deadline-exceeded"
            let deaf = """
                SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
                SET client_connection_check_interval = 0;
                DO $$ BEGIN LOOP
                  BEGIN PERFORM pg_sleep(3600); EXCEPTION WHEN query_canceled OR assert_failure THEN NULL; END;
                END LOOP; END $$
                """
            let attacks: [HostileChangelog] = [
                .init("sleep", "SELECT pg_sleep(1e9)", code),
                .init("deaf", deaf, code),
                .init("deaf-outside", deaf, code, outsideTransaction: true),
                .init("burn", "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT count(*) FROM r", code),
            ]
            let hasty = GateWorld.spec(prefix: world.prefix, limits: CandidateLimits(deadline: .seconds(2)))
            expectRefused(attacks, try await world.attack(with: attacks, judgedBy: hasty))
            try await world.expectDismantled(attacks.map(\.id) + [GateWorld.neighbour, "next"])
        }
    }

    @Test("B-06: a database that grows beyond its limit fails, while it runs and when it is faster than the watch")
    func size() async throws {
        let limits = CandidateLimits(deadline: .seconds(1800), maxSize: 20 << 20)
        try await GateWorld.with(
            spec: { GateWorld.spec(prefix: $0, limits: limits) },
            { world in
                let fill = "INSERT INTO big SELECT repeat(md5(i::text), 60) FROM (SELECT generate_series(1, "
                let create = "CREATE TABLE big (t text); ALTER TABLE big ALTER t SET STORAGE EXTERNAL; "
                let attacks: [HostileChangelog] = [
                    .init("runaway", create + fill + "1000000000) AS i) s", "Error: candidate.size-exceeded"),
                    .init("quick", create + fill + "20000) AS i) s", "Error: candidate.size-exceeded"),
                    .init(
                        "temporary", "SELECT count(*) FROM (SELECT g FROM generate_series(1, 1e9) g ORDER BY g DESC) s",
                        "53400", "temp_file_limit"),
                ]
                expectRefused(attacks, try await world.attack(with: attacks))
                try await world.expectDismantled(attacks.map(\.id) + [GateWorld.neighbour, "next"])
            })
    }

    @Test(
        "B-06: a changelog that ends its own session, or raises the errors of a broken server, is judged all the same")
    func pretended() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let code = "Error: candidate.deploy-interrupted"
            func raising(_ state: String) -> String {
                "DO $$ BEGIN RAISE EXCEPTION 'not me' USING ERRCODE = '\(state)'; END $$"
            }
            let attacks: [HostileChangelog] = [
                .init("suicide", "SET ROLE NONE; SELECT pg_terminate_backend(pg_backend_pid())", code),
                .init("shutdown", raising("57P01"), code, "not me"),
                .init("serialization", raising("40001"), code),
                .init("resources", raising("53200"), code),
                .init("cancel", raising("57014"), Self.failed),
                .init("odd", raising("ZZZZZ"), Self.failed),
            ]
            expectRefused(attacks, try await world.attack(with: attacks))
        }
    }

    @Test("B-06: what a changelog may do to itself stays with it: locks, floods, settings, its own password")
    func contained() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let flood = "SELECT pg_notify('c' || i % 7, repeat('x', 500) || i) FROM generate_series(1, 20000) i"
            let attacks: [HostileChangelog] = [
                .init("unlock", "SELECT pg_advisory_unlock_all()"),
                .init("lock", "SELECT pg_advisory_lock(i) FROM generate_series(1, 100) i"),
                .init("notify", "LISTEN c1; LISTEN c2; \(flood)"),
                .init(
                    "notice", "DO $$ BEGIN FOR i IN 1..5000 LOOP RAISE NOTICE '%', repeat('n', 2000); END LOOP; END $$"),
                .init("rows", "SELECT repeat('r', 1000000) FROM generate_series(1, 200)"),
                .init("copy-stdout", "COPY (SELECT repeat('r', 1000) FROM generate_series(1, 1000)) TO STDOUT"),
                .init("timeouts", "SET lock_timeout = 0; SET statement_timeout = 0; SET role = NONE"),
                .init("password", "SET ROLE NONE; ALTER ROLE CURRENT_USER PASSWORD 'known'"),
                .init("settings", "SET ROLE NONE; ALTER ROLE CURRENT_USER SET search_path TO nowhere"),
                .init("default-rights", "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC"),
                .init("large-object", "SELECT lo_create(0) FROM generate_series(1, 100)"),
            ]
            let verdicts = try await world.attack(with: attacks)
            for (id, verdict) in verdicts { #expect(verdict.verdict == .success, "\(id): \(verdict.body)") }

            let login = world.registry.names.login("password")
            let way = world.postgres.configuration.with(database: world.registry.names.published("password"))
            await #expect(throws: PostgresError.self) {
                try await PostgresConnection.open(way.with(user: login, password: Secret("known"))).close()
            }
            let again = try await world.push(
                HostileChangelog("settings", "CREATE TABLE s (id int)").files, as: "settings")
            try await world.settle()
            #expect(try await world.requireVerdict(again, of: "settings").verdict == .success)
            #expect(try await world.tables("settings") == ["parcel", "s"])
            try await world.expectDismantled(attacks.map(\.id) + [GateWorld.neighbour, "next"])
        }
    }

    @Test("B-06: what a changelog grants to a neighbour's login does not keep the neighbour from being dismantled")
    func grantedToNeighbour() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let login = try SQL.identifier(world.registry.names.login(GateWorld.neighbour))
            let innocent = try await world.push(["README.md": "hello"], as: GateWorld.neighbour)
            try await world.settle()
            #expect(try await world.requireVerdict(innocent, of: GateWorld.neighbour).verdict == .success)
            let attack = HostileChangelog(
                "sticky",
                "GRANT SELECT ON parcel TO \(login); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO \(login)")
            let revision = try await world.push(attack.files, as: "sticky")
            try await world.settle()
            #expect(try await world.requireVerdict(revision, of: "sticky").verdict == .success)
            try await world.repository.delete("candidate/\(GateWorld.neighbour)")
            try await world.settle()
            let logins = try await world.postgres.server.listRoles(prefix: world.registry.names.privatePrefix + "login")
            #expect(logins == [world.registry.names.login("sticky")])
            #expect(try await world.published() == ["sticky"])
        }
    }

    @Test("B-06: dropping all that the owner role has takes nothing from a neighbour that is being built")
    func dropOwned() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let attack = HostileChangelog(
                "drop-owned", "DROP OWNED BY CURRENT_USER", "Error: ", outsideTransaction: true)
            let reached = Gate()
            let failpoints = ScriptedFailpoints { point, times in
                if point == "before:changelog.deploy", times == 1 { await reached.stop() }
            }
            try await world.push(["README.md": "hello"], as: "warm")
            try await world.settle()
            let innocent = try await world.push(
                GateWorld.adding("visit", "create schema own; create temporary table t (id int);"),
                as: GateWorld.neighbour)
            try await world.wake()
            async let slow: Int = world.engine(failpoints: failpoints, worker: "slow").drain(limit: 200)
            // Whatever fails below, nobody is left standing at the gate.
            defer { Task { await reached.open() } }
            await reached.waitUntilStopped()
            let revision = try await world.push(attack.files, as: "drop-owned")
            try await world.wake()
            try await world.engine(worker: "quick").drain(limit: 200)
            #expect(try await world.requireVerdict(revision, of: "drop-owned").verdict == .failed)
            await reached.open()
            _ = try await slow
            #expect(try await world.requireVerdict(innocent, of: GateWorld.neighbour).verdict == .success)
        }
    }

    @Test(
        "B-06: a superuser's SECURITY DEFINER routine of the reference does not run with a superuser's rights (facts 7.18)"
    )
    func definerRoutines() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            let configuration = world.postgres.configuration.with(database: world.spec.referenceDatabase)
            let connection = try await PostgresConnection.open(configuration)
            try await connection.execute(
                """
                CREATE FUNCTION registry.load(path text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
                AS $$ BEGIN RETURN pg_read_file(path); END $$
                """)
            await connection.close()
            let attacks = [HostileChangelog("load", "SELECT load('/etc/passwd')", Self.denied, "pg_read_file")]
            expectRefused(attacks, try await world.attack(with: attacks))
        }
    }
}

extension GateWorld {
    /// The superusers that an attack may have made; other tests of this cluster have theirs.
    fileprivate func ownSuperusers() async throws -> [String] {
        try await postgres.server.pool.query(
            "SELECT rolname FROM pg_roles WHERE rolsuper AND (rolname = 'evil' OR starts_with(rolname, $1))",
            [registry.names.privatePrefix]
        ).map { try $0.string(0) }
    }
}
