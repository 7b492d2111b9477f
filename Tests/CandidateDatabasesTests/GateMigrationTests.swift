import DesiredState
import Diagnostics
import Forges
import Foundation
import MigrationCommand
import PostgresClient
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

/// The gate with a team's own migration program: the real Alembic, in the real sandbox, on the real PostgreSQL.
@Suite("Migration programs at the gate", .timeLimit(.minutes(10)))
struct GateMigrationTests {
    private static let alembic = "/usr/bin/alembic"

    /// A world whose registry is deployed by a program.
    private func with(
        _ command: MigrationCommandSpec = MigrationCommandSpec(preset: .alembic), root: String = AlembicProject.root,
        master: [String: ScriptedFile]? = nil,
        allowing programs: [String: String] = ["alembic": alembic, "python": "/usr/bin/python3"],
        _ body: @Sendable (GateWorld) async throws -> Void
    ) async throws {
        try await GateWorld.with(
            master: try master ?? AlembicProject.master,
            spec: { prefix in
                RegistrySpec(
                    forge: "local", project: GateHost.project, server: "dev", referenceDatabase: "\(prefix)reference",
                    databasePrefix: "\(prefix)dev-", changelogs: [ChangelogSpec(path: root, command: command)],
                    database: DatabaseLayout(defaultSchema: "registry", searchPath: ["registry", "public"]))
            }
        ) { world in
            try await withTemporaryDirectory("migrations") { folder in
                var world = world
                world.migrations = MigrationPrograms(programs: programs, directory: "\(folder)/work")
                try await world.migrations.check()
                try await body(world)
                #expect((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/work")) ?? [] == [])
            }
        }
    }

    @Test("a candidate's Alembic migrations deploy onto its base, and the tables belong to the registry's role")
    func deploys() async throws {
        try await with { world in
            let revision = try await world.push(
                AlembicProject.adding("r2", after: "r1", AlembicProject.table("visit")), as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .success, "\(verdict.body)")
            #expect(verdict.summary == "the migrations of the candidate deployed")
            #expect(try await world.tables("1") == ["alembic_version", "parcel", "visit"])
            #expect(try await world.owners("1") == ["\(world.registry.names.owner)"])
        }
    }

    @Test("an error of the database stands in the verdict with SQLSTATE, statement, file and line")
    func fails() async throws {
        try await with { world in
            let revision = try await world.push(
                AlembicProject.adding("r2", after: "r1", "op.execute('create tabel x (id int)')"), as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .failed)
            #expect(verdict.body.contains("db/migrations/versions/r2.py:9: alembic: syntax error at or near \"tabel\""))
            #expect(verdict.body.contains("(SQLSTATE 42601)"))
            #expect(verdict.body.contains("in: create tabel x (id int)"))
            #expect(verdict.body.contains("Error: migration.failed"))
        }
    }

    @Test("two candidates with one head each: once one is merged the other is told of the two heads and their files")
    func heads() async throws {
        try await with { world in
            let first = try await world.push(
                AlembicProject.adding("r2", after: "r1", AlembicProject.table("visit")), as: "1")
            let second = try await world.push(
                AlembicProject.adding("r3", after: "r1", AlembicProject.table("owner")), as: "2")
            try await world.settle()
            for (revision, id) in [(first, "1"), (second, "2")] {
                #expect(try await world.requireVerdict(revision, of: id).verdict == .success)
            }
            try await world.repository.merge(first, into: "master")
            try await world.repository.delete("candidate/1")
            try await world.settle()
            let verdict = try await world.requireVerdict(second, of: "2")
            #expect(verdict.verdict == .failed, "\(verdict.body)")
            #expect(
                verdict.body.contains(
                    "Multiple head revisions after a merge with the target branch: "
                        + "r2 (db/migrations/versions/r2.py) and r3 (db/migrations/versions/r3.py)"), "\(verdict.body)")
            #expect(verdict.body.contains("alembic merge"))
            let mended = try await world.push(
                AlembicProject.adding("r3", after: "r2", AlembicProject.table("owner")), as: "2")
            try await world.settle()
            #expect(try await world.requireVerdict(mended, of: "2").verdict == .success)
            #expect(try await world.tables("2") == ["alembic_version", "owner", "parcel", "visit"])
        }
    }

    @Test("a program that the operator has not allowed is not run: the registry says so and nobody is voted down")
    func notAllowed() async throws {
        try await with(allowing: [:]) { world in
            let revision = try await world.push(AlembicProject.adding("r2", after: "r1", "pass"), as: "1")
            try await world.settle()
            #expect(try await world.verdict(revision, of: "1") == nil)
            let registry = try #require(try await world.store.resources.get(GateKey.registry(GateWorld.registryName)))
            let stalled = registry.conditions.first { $0.type == .stalled }
            #expect(stalled?.status == .true)
            #expect(stalled?.reason == "MigrationRefused")
            #expect(stalled?.message.contains("--allow-migration-command alembic=") == true)
            try await world.settle()
            #expect(try await world.told("MigrationRefused") == [stalled?.message ?? ""])
            #expect(try await world.published().isEmpty)
        }
    }

    @Test("any program deploys with the database of the variables, as a login that reaches only this database")
    func plain() async throws {
        let script = """
            import os, sys
            import psycopg2
            with psycopg2.connect("") as connection:
                cursor = connection.cursor()
                cursor.execute("create table registry.made_by_hand (id int)")
                cursor.execute("select current_user, rolsuper, rolcreaterole from pg_roles where rolname = session_user")
                print(cursor.fetchall())
            for name in ["postgres", "template1"]:
                try:
                    psycopg2.connect(dbname=name)
                    print("reached", name)
                except psycopg2.OperationalError as error:
                    print("kept out of", name)
            sys.exit(int(os.environ["CODE"]))
            """
        let command = MigrationCommandSpec(arguments: ["python", "main.py"], environment: ["CODE": "0"])
        let files: [String: ScriptedFile] = ["tool/main.py": .text(script), "tool/tool.conf": "x\n"]
        try await with(command, root: "tool/tool.conf", master: files) { world in
            let revision = try await world.push(
                [
                    "tool/main.py": .text(
                        script.replacing("create table registry", with: "create table if not exists registry")
                            .replacing("int(os.environ[\"CODE\"])", with: "3"))
                ], as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.verdict == .failed)
            #expect(verdict.body.contains("python: ended with exit code 3"))
            #expect(verdict.body.contains("owner', False, False)]"), "\(verdict.body)")
            #expect(verdict.body.contains("kept out of postgres") && verdict.body.contains("kept out of template1"))
            #expect(!verdict.body.contains("reached"))
        }
    }

    @Test("a program that looks for its database elsewhere is told of the variables, and not tried again")
    func elsewhere() async throws {
        try await with { world in
            let environment = try #require(AlembicProject.master[AlembicProject.environment].flatMap(Self.text))
            let revision = try await world.push(
                [
                    "db/migrations/env.py": .text(
                        environment.replacing(
                            "os.environ[\"DATABASE_URL\"]", with: "\"postgresql://u:p@127.0.0.1:1/x\""))
                ], as: "1")
            try await world.settle()
            let verdict = try await world.requireVerdict(revision, of: "1")
            #expect(verdict.body.contains("Error: migration.unreachable"))
            #expect(verdict.body.contains("DATABASE_URL"))
        }
    }

    @Test("a program that is still running at the deadline is ended from outside, whatever it waits for")
    func deadline() async throws {
        @Sendable func spec(_ prefix: String, _ limits: CandidateLimits) -> RegistrySpec {
            let command = MigrationCommandSpec(arguments: ["python", "main.py"])
            return RegistrySpec(
                forge: "local", project: GateHost.project, server: "dev", referenceDatabase: "\(prefix)reference",
                databasePrefix: "\(prefix)dev-", changelogs: [ChangelogSpec(path: "tool/main.py", command: command)],
                limits: limits)
        }
        try await GateWorld.with(
            master: ["tool/main.py": "pass\n"], spec: { spec($0, CandidateLimits()) }
        ) { world in
            try await withTemporaryDirectory("migrations") { folder in
                var world = world
                world.migrations = MigrationPrograms(programs: ["python": "/usr/bin/python3"], directory: "\(folder)/w")
                // The base and this one take as long as they take.
                let warm = try await world.push(["tool/main.py": "print()\n"], as: "warm")
                try await world.settle()
                #expect(try await world.requireVerdict(warm, of: "warm").verdict == .success)
                world.spec = spec(world.prefix, CandidateLimits(deadline: .seconds(3)))
                let revision = try await world.push(["tool/main.py": "import time\ntime.sleep(3600)\n"], as: "1")
                try await world.settle()
                let verdict = try await world.requireVerdict(revision, of: "1")
                #expect(verdict.body.contains("Error: candidate.deadline-exceeded"))
            }
        }
    }

    @Test("a link in the content is refused by name")
    func link() async throws {
        try await with { world in
            let revision = try await world.push(["db/link": .symbolicLink("/etc/passwd")], as: "1")
            try await world.settle()
            #expect(try await world.requireVerdict(revision, of: "1").body.contains("Error: migration.not-a-file"))
        }
    }

    private static func text(_ file: ScriptedFile) -> String? {
        if case .text(let text) = file { text } else { nil }
    }
}

extension GateWorld {
    /// The owners of a candidate's tables.
    fileprivate func owners(_ id: String) async throws -> [String] {
        let configuration = postgres.configuration.with(database: registry.names.published(id))
        let connection = try await PostgresConnection.open(configuration)
        let rows = try await connection.query("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'registry'")
        let owners = try rows.map { try $0.string(0) }
        await connection.close()
        return owners
    }
}
