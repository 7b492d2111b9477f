import Diagnostics
import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct RoleTests {
    private func withServer(_ body: (PostgresServer, _ prefix: String) async throws -> Void) async throws {
        let cluster = try await TestPostgres.shared()
        try await cluster.withPrefix { try await body(cluster.server, $0) }
    }

    @Test("A role logs in with its password; making it again changes it to what is said")
    func login() async throws {
        try await withServer { server, prefix in
            let (role, database) = ("\(prefix)login", "\(prefix)database")
            try await server.createDatabase(database)
            let configuration = server.pool.configuration.with(database: database)
            for password in ["first 'pass\\word'", "second"] {
                try await server.ensureRole(role, RoleAttributes(login: true, password: Secret(password)))
                let session = try await PostgresConnection.open(
                    configuration.with(user: role, password: Secret(password)))
                #expect(try await session.query("SELECT current_user").single().string(0) == role)
                await session.close()
            }
            await #expect(throws: PostgresError.self) {
                try await PostgresConnection.open(
                    configuration.with(user: role, password: Secret("first 'pass\\word'")))
            }
            #expect(try await server.roleExists(role))
        }
    }

    @Test("The server never sees a password, only its verifier")
    func verifier() async throws {
        try await withConnection { connection in
            let verifier = try await connection.passwordVerifier(for: "ada", password: Secret("hunter2"))
            #expect(verifier.hasPrefix("SCRAM-SHA-256$"))
            #expect(!verifier.contains("hunter2"))
        }
    }

    @Test("A role has no more rights than were said, and loses those it had")
    func attributes() async throws {
        try await withServer { server, prefix in
            let role = "\(prefix)role"
            try await server.pool.query("CREATE ROLE \(try SQL.identifier(role)) SUPERUSER CREATEDB BYPASSRLS")
            try await server.ensureRole("\(prefix)group", RoleAttributes())
            try await server.ensureRole(
                role,
                RoleAttributes(
                    connectionLimit: 2, memberOf: ["\(prefix)group"], settings: ["statement_timeout": ["5s"]]))
            let row = try await server.pool.query("SELECT * FROM pg_roles WHERE rolname = $1", [role]).single()
            for right in ["rolsuper", "rolcreatedb", "rolcreaterole", "rolcanlogin", "rolbypassrls", "rolreplication"] {
                #expect(try row.bool(right) == false)
            }
            #expect(try row.int("rolconnlimit") == 2)
            #expect(try row.strings("rolconfig") == ["statement_timeout=5s"])
            let member = try await server.pool.query("SELECT pg_has_role($1, $2, 'member')", [role, "\(prefix)group"])
            #expect(try member.single().bool(0))
        }
    }

    @Test("Who has not been granted CONNECT stays out of a database that is closed to the public")
    func connect() async throws {
        try await withServer { server, prefix in
            let (role, database, password) = ("\(prefix)login", "\(prefix)database", Secret("x"))
            try await server.createDatabase(database)
            try await server.ensureRole(role, RoleAttributes(login: true, password: password))
            try await server.revokePublicConnect(onDatabase: database)
            let login = server.pool.configuration.with(database: database).with(user: role, password: password)
            #expect(try await server.hasPrivilege(.connect, onDatabase: database, role: role) == false)
            await #expect(throws: PostgresError.self) { try await PostgresConnection.open(login) }
            // The databases that every cluster has are closed as well.
            await #expect(throws: PostgresError.self) {
                try await PostgresConnection.open(login.with(database: "postgres"))
            }
            try await server.grantConnect(onDatabase: database, to: role)
            #expect(try await server.hasPrivilege(.connect, onDatabase: database, role: role))
            await (try PostgresConnection.open(login)).close()
            try await server.revokeAll(onDatabase: database, from: role)
            #expect(try await server.hasPrivilege(.connect, onDatabase: database, role: role) == false)
        }
    }
}
