import Diagnostics
import Forges
import PostgresClient
import TestSupport
import Testing

@testable import CandidateDatabases

// One at a time: two GRANTs on one database at once are an error of PostgreSQL.
@Suite("What the administrator of a server needs", .serialized)
struct ServerRightsTests {
    @Test("Rights that are missing are listed together, with the statements that give them, before anything is made")
    func missing() async throws {
        let postgres = try await TestPostgres.shared()
        try await postgres.withPrefix { prefix in
            let role = "\(prefix)administrator"
            try await postgres.server.ensureRole(role, RoleAttributes(login: true, password: Secret("known")))
            try await postgres.server.pool.query("GRANT CONNECT ON DATABASE postgres TO \(role)")
            let server = Self.server(postgres, as: role)
            let error = await #expect(throws: SluiceError.self) {
                try await ServerClaims(installation: "one").hold(server, named: "main", instance: prefix)
            }
            #expect(error?.code == "server.rights-missing" && error?.kind == .stalled)
            for words in ["\"\(role)\" CREATEDB", "\"\(role)\" CREATEROLE", "pg_signal_backend TO \"\(role)\""] {
                #expect(error?.hint?.contains(words) == true)
            }
            #expect(try await postgres.server.listRoles(prefix: ServerClaims.role(of: prefix)).isEmpty)
            try await Self.mend(server, by: postgres)
            await server.pool.close()
            try await postgres.server.pool.query("REVOKE ALL ON DATABASE postgres FROM \(role)")
        }
    }

    @Test("A role that does not inherit may not end sessions, whatever it is a member of; what is said to mend it does")
    func withoutInheriting() async throws {
        let postgres = try await TestPostgres.shared()
        try await postgres.withPrefix { prefix in
            let (role, other) = ("\(prefix)administrator", "\(prefix)other")
            for name in [role, other] {
                try await postgres.server.ensureRole(name, RoleAttributes(login: true, password: Secret("known")))
                try await postgres.server.pool.query("GRANT CONNECT ON DATABASE postgres TO \(name)")
            }
            try await postgres.server.pool.query("ALTER ROLE \(role) CREATEDB CREATEROLE NOINHERIT")
            try await postgres.server.pool.query("GRANT pg_signal_backend TO \(role)")
            let (server, others) = (Self.server(postgres, as: role), Self.server(postgres, as: other))
            // Said as the server does it.
            let process = try await others.pool.query("SELECT pg_backend_pid()").single().int(0)
            await #expect(throws: PostgresError.self) {
                try await server.terminateSession(ofProcess: Int32(process))
            }
            let error = await #expect(throws: SluiceError.self) {
                try await ServerClaims(installation: "one").hold(server, named: "main", instance: prefix)
            }
            #expect(error?.code == "server.rights-missing")
            #expect(error?.hint?.contains("pg_signal_backend") == true && error?.hint?.contains("CREATEDB") == false)
            #expect(try await server.suitability().privileges.maySignal == false)
            try await Self.mend(server, by: postgres)
            #expect(try await server.terminateSession(ofProcess: Int32(process)))
            await server.pool.close()
            await others.pool.close()
            for name in [role, other] {
                try await postgres.server.pool.query("REVOKE ALL ON DATABASE postgres FROM \(name)")
            }
        }
    }

    /// Has a superuser say what is said to be missing; then nothing is.
    private static func mend(_ server: PostgresServer, by postgres: TestPostgres) async throws {
        let version = try await server.version()
        for missing in ServerRights(try await server.privileges(), version: version).missing {
            for statement in missing.statement.split(separator: "; ") {
                try await postgres.server.pool.query(String(statement))
            }
        }
        try ServerRights(try await server.privileges(), version: version).require()
    }

    @Test("A server that is too old is told apart from rights that are missing, and a name in a statement stays a name")
    func tooOld() {
        let all = PostgresPrivileges(role: "r", mayCreateDatabases: true, mayCreateRoles: true, maySignal: true)
        let error = #expect(throws: SluiceError.self) { try ServerRights(all, version: 140_009).require() }
        #expect(error?.code == "server.too-old" && error?.message.contains("14.9") == true)
        #expect(throws: Never.self) { try ServerRights(all, version: 150_000).require() }
        let none = PostgresPrivileges(
            role: #"x" SUPERUSER; --"#, mayCreateDatabases: false, mayCreateRoles: false, maySignal: false)
        let statements = ServerRights(none, version: 180_000).missing.map(\.statement)
        #expect(statements.count == 3)
        #expect(statements.allSatisfy { $0.contains(#""x"" SUPERUSER; --""#) })
        #expect(statements.last?.hasSuffix(" WITH INHERIT TRUE") == true)
    }

    @Test("The whole gate works as an administrator who is no superuser and has the documented rights, and no others")
    func ordinary() async throws {
        try await FragileServer.with { fragile in
            let superuser = fragile.postgres.server.pool
            for statement in [
                "CREATE ROLE administrator LOGIN CREATEDB CREATEROLE PASSWORD 'known'",
                "GRANT pg_signal_backend TO administrator", "GRANT CONNECT ON DATABASE postgres TO administrator",
            ] { try await superuser.query(statement) }
            let server = Self.server(fragile.postgres, as: "administrator")
            try ServerRights(try await server.privileges(), version: try await server.version()).require()
            let postgres = TestPostgres(configuration: server.pool.configuration, server: server)
            try await GateWorld.with(on: postgres, spec: GateWorld.unjudged) { world in
                let good = try await world.push(GateWorld.adding("a", "create table a (id int);"), as: "1")
                let bad = try await world.push(GateWorld.adding("b", "create table b (id nonsense);"), as: "2")
                try await world.settle()
                #expect(try await world.requireVerdict(good, of: "1").verdict == .success)
                #expect(try await world.requireVerdict(bad, of: "2").verdict == .failed)
                #expect(try await world.tables("1") == ["a", "parcel"])
                let again = try await world.push(GateWorld.adding("c", "create table c (id int);"), as: "1")
                try await world.settle()
                #expect(try await world.requireVerdict(again, of: "1").verdict == .success)
                for id in ["1", "2"] { try await world.close(id) }
                try await world.settle()
                try await world.settle()
                #expect(try await world.published().isEmpty)
                #expect(try await world.leftovers().isEmpty)
            }
            await server.pool.close()
        }
    }

    private static func server(_ postgres: TestPostgres, as role: String) -> PostgresServer {
        PostgresServer(
            pool: PostgresPool(
                configuration: postgres.configuration.with(user: role, password: Secret("known")), size: 4))
    }
}
