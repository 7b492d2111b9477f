import Diagnostics
import Forges
import GitClient
import PostgresClient
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import CandidateDatabases

@Suite("Who may do what on the gate's databases")
struct GateRightsTests {
    @Test(
        "after a deploy the login is shut, nobody but the reader may connect, and the administrator owns the database")
    func closed() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
            let failed = try await world.push(GateWorld.adding("b", "create table b (id nonsense);"), as: "2")
            try await world.settle()
            #expect(try await world.verdict(failed, of: "2")?.verdict == .failed)
            let names = world.registry.names
            let server = world.postgres.server
            for id in ["1", "2"] {
                let login = try await server.pool.query(
                    "SELECT rolcanlogin, rolpassword IS NULL AS blank FROM pg_authid WHERE rolname = $1",
                    [names.login(id)]
                ).single()
                #expect(try !login.bool("rolcanlogin"))
                #expect(try login.bool("blank"))
            }
            let owner = try await server.pool.query(
                "SELECT rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole AS may FROM pg_roles WHERE rolname = $1",
                [names.owner]
            ).single()
            #expect(try !owner.bool("may"))
            let base = try #require(try await server.listDatabases(prefix: names.privatePrefix + "base-").first)
            for database in [names.published("1"), base.name] {
                let info = try #require(try await server.database(database))
                #expect(info.owner == world.postgres.configuration.user)
                for role in [names.login("1"), names.login("2"), names.owner, "public"] {
                    for privilege in PostgresServer.DatabasePrivilege.allCases {
                        let may = try await server.hasPrivilege(privilege, onDatabase: database, role: role)
                        #expect(!may, "\(role) has \(privilege) on \(database)")
                    }
                }
            }
        }
    }

    @Test("the reader reads the tables of candidates, and can do nothing else, there or elsewhere")
    func reader() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            try await world.push(GateWorld.adding("a", "create schema own; create table a (id int);"), as: "1")
            try await world.settle()
            let names = world.registry.names
            let login = "\(world.prefix)person"
            try await world.postgres.server.ensureRole(
                login, RoleAttributes(login: true, password: Secret("known"), memberOf: ["\(world.prefix)reader"]))
            let way = world.postgres.configuration.with(user: login, password: Secret("known"))
            let connection = try await PostgresConnection.open(way.with(database: names.published("1")))
            for table in ["registry.a", "registry.parcel", "public.databasechangelog"] {
                try await connection.execute("SELECT * FROM \(table)")
            }
            for statement in [
                "INSERT INTO registry.a VALUES (1)", "DELETE FROM registry.parcel", "CREATE TABLE registry.b (id int)",
                "CREATE TABLE public.b (id int)", "CREATE SCHEMA b", "CREATE TEMPORARY TABLE b (id int)",
                "DROP TABLE registry.a", "COMMENT ON TABLE registry.a IS 'x'",
                "SET ROLE \(try SQL.identifier(names.owner))",
                "ALTER DATABASE \(try SQL.identifier(names.published("1"))) SET search_path TO x",
            ] {
                let error = await #expect(throws: PostgresError.self, "\(statement)") {
                    try await connection.execute(statement)
                }
                #expect(error?.sqlState == "42501", "\(statement)")
            }
            await connection.close()
            let base = try #require(
                try await world.postgres.server.listDatabases(prefix: names.privatePrefix + "base-").first)
            for database in [base.name, "postgres"] {
                await #expect(throws: PostgresError.self, "\(database)") {
                    try await PostgresConnection.open(way.with(database: database)).close()
                }
            }
        }
    }

    @Test(
        "while it deploys, a candidate's login gets into its own build and nowhere else, whatever password it gave itself"
    )
    func login() async throws {
        try await GateWorld.with(spec: GateWorld.unjudged) { world in
            try await world.push(["README.md": "hello"], as: GateWorld.neighbour)
            try await world.settle()
            let sql = "SET ROLE NONE; ALTER ROLE CURRENT_USER PASSWORD 'known';"
            let files = [
                "data-model/main.xml": ScriptedFile.text(
                    GateWorld.changelog(GateWorld.include("tables.sql") + GateWorld.include("p.sql"))),
                "data-model/p.sql": .text(
                    GateWorld.sql("p", sql) + "--changeset land:q\nselect pg_sleep(1e9);\n"),
            ]
            try await world.push(files, as: "1")
            try await world.wake()
            async let first: Int = world.engine(worker: "first").drain(limit: 200)
            try await world.waitForStatement(like: "%pg_sleep%", of: "1")
            let names = world.registry.names
            let way = world.postgres.configuration.with(user: names.login("1"), password: Secret("known"))
            try await PostgresConnection.open(way.with(database: names.build("1"))).close()
            let base = try #require(
                try await world.postgres.server.listDatabases(prefix: names.privatePrefix + "base-").first)
            for database in [names.published(GateWorld.neighbour), base.name, "postgres", "template1"] {
                await #expect(throws: PostgresError.self, "\(database)") {
                    try await PostgresConnection.open(way.with(database: database)).close()
                }
            }
            let may = try await world.postgres.server.hasPrivilege(
                .connect, onDatabase: names.build("1"), role: "\(world.prefix)reader")
            #expect(!may)
            try await world.push(["README.md": "calm"], as: "1")
            try await world.wake()
            try await world.engine(worker: "second").drain(limit: 200)
            _ = try await first
            try await world.settle()
            await #expect(throws: PostgresError.self) {
                try await PostgresConnection.open(way.with(database: names.published("1"))).close()
            }
        }
    }
}
