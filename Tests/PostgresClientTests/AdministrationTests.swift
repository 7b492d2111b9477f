import PostgresClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct AdministrationTests {
    private func withServer(_ body: (PostgresServer, _ prefix: String) async throws -> Void) async throws {
        let cluster = try await TestPostgres.shared()
        try await cluster.withPrefix { try await body(cluster.server, $0) }
    }

    @Test("A database is created from a template, listed with everything the catalog knows, renamed and dropped")
    func life() async throws {
        try await withServer { server, prefix in
            let (template, copy) = ("\(prefix)template", "\(prefix)Ünï \"co'py\"")
            try await server.createDatabase(template)
            let connection = try await PostgresConnection.open(server.pool.configuration.with(database: template))
            try await connection.execute("CREATE TABLE marker (a int)")
            await connection.close()
            try await server.setIsTemplate(true, ofDatabase: template)
            try await server.setAllowsConnections(false, ofDatabase: template)
            try await server.createDatabase(copy, template: template, connectionLimit: 3)
            try await server.setComment("it's \\ {\"json\": true}", ofDatabase: copy)

            let infos = try await server.listDatabases(prefix: prefix)
            #expect(Set(infos.map(\.name)) == [template, copy])
            let info = try #require(try await server.database(copy))
            #expect(info.comment == "it's \\ {\"json\": true}")
            #expect(info.allowsConnections && !info.isTemplate && info.connectionLimit == 3)
            #expect(info.owner == "sluice")
            let original = try #require(try await server.database(template))
            #expect(original.isTemplate && !original.allowsConnections)
            #expect(try await server.databaseSize(copy) ?? 0 > 1_000_000)

            try await server.renameDatabase(copy, to: "\(prefix)renamed")
            #expect(try await server.comment(ofDatabase: "\(prefix)renamed") == info.comment)
            try await server.setComment(nil, ofDatabase: "\(prefix)renamed")
            #expect(try await server.comment(ofDatabase: "\(prefix)renamed") == nil)
            let clone = try await PostgresConnection.open(
                server.pool.configuration.with(database: "\(prefix)renamed"))
            #expect(try await clone.query("SELECT to_regclass('marker') IS NOT NULL").single().bool(0))
            await clone.close()

            try await server.dropDatabase("\(prefix)renamed")
            try await server.dropDatabase("\(prefix)renamed")
            #expect(try await server.database("\(prefix)renamed") == nil)
            let refused = await #expect(throws: PostgresError.self) { try await server.dropDatabase(template) }
            #expect(refused?.sqlState == "42809")
        }
    }

    @Test("A busy template is waited for, and a wait that is not wanted fails by name")
    func busyTemplate() async throws {
        try await withServer { server, prefix in
            let template = "\(prefix)template"
            try await server.createDatabase(template)
            let guest = try await PostgresConnection.open(server.pool.configuration.with(database: template))
            let error = await #expect(throws: PostgresError.self) {
                try await server.createDatabase("\(prefix)a", template: template)
            }
            #expect(error?.sqlState == "55006")
            let creation = Task {
                try await server.createDatabase(
                    "\(prefix)b", template: template, retryWhileTemplateBusy: .seconds(60))
            }
            // Let it come to the server, so that it meets the guest.
            let sql = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE DATABASE%' || $1 || '%'"
            let observer = try await PostgresConnection.open(server.pool.configuration)
            while try await observer.query(sql, ["\(prefix)b"]).single().int(0) == 0 { await Task.yield() }
            await observer.close()
            await guest.close()
            try await creation.value
            #expect(try await server.database("\(prefix)b") != nil)
        }
    }

    @Test("A drop ends the sessions of the database")
    func dropWithSessions() async throws {
        try await withServer { server, prefix in
            try await server.createDatabase("\(prefix)a")
            let guest = try await PostgresConnection.open(server.pool.configuration.with(database: "\(prefix)a"))
            #expect(try await server.sessionCount(ofDatabase: "\(prefix)a") == 1)
            try await server.dropDatabase("\(prefix)a")
            let lost = await #expect(throws: PostgresError.self) { try await guest.query("SELECT 1") }
            #expect(lost?.kind == .connectionLost)
        }
    }

    @Test("Sessions are ended by database, and statements and sessions by their process")
    func termination() async throws {
        try await withServer { server, prefix in
            try await server.createDatabase("\(prefix)a")
            let configuration = server.pool.configuration.with(database: "\(prefix)a")
            let (one, two) = (
                try await PostgresConnection.open(configuration), try await PostgresConnection.open(configuration)
            )
            #expect(try await server.terminateSession(ofProcess: one.processID))
            #expect(try await server.terminateSessions(ofDatabase: "\(prefix)a") == 1)
            for guest in [one, two] {
                await #expect(throws: PostgresError.self) { try await guest.query("SELECT 1") }
            }
            #expect(try await server.cancelStatement(ofProcess: one.processID) == false)
        }
    }

    @Test("Settings of a database hold for its sessions, lists entry by entry")
    func settings() async throws {
        try await withServer { server, prefix in
            let name = "\(prefix)a"
            try await server.createDatabase(name)
            try await server.setDatabaseSetting("search_path", to: ["reg istry", "public"], ofDatabase: name)
            try await server.setDatabaseSetting("sluice.revision", to: ["it's"], ofDatabase: name)
            let connection = try await PostgresConnection.open(server.pool.configuration.with(database: name))
            #expect(try await connection.query("SHOW search_path").single().string(0) == "\"reg istry\", public")
            #expect(try await connection.query("SHOW sluice.revision").single().string(0) == "it's")
            await connection.close()
            #expect(try await server.databaseSettings(name).count == 2)
            try await server.setDatabaseSetting("search_path", to: [], ofDatabase: name)
            #expect(try await server.databaseSettings(name) == ["sluice.revision=it's"])
        }
    }

    @Test(
        "Names that PostgreSQL would cut or cannot hold are refused",
        arguments: ["", String(repeating: "ä", count: 32), "a\0"])
    func names(name: String) async throws {
        let server = try await TestPostgres.shared().server
        for attempt in [
            { try await server.createDatabase(name) }, { try await server.dropDatabase(name) },
            { try await server.ensureRole(name, RoleAttributes()) },
        ] {
            let error = await #expect(throws: PostgresError.self) { try await attempt() }
            #expect(error?.kind == .invalidArgument)
        }
    }

    @Test("The server says its version and what the administrator may do")
    func facts() async throws {
        let server = try await TestPostgres.shared().server
        #expect(try await server.version() >= 120_000)
        let privileges = try await server.privileges()
        #expect(privileges.role == "sluice" && privileges.isSuperuser)
    }
}
