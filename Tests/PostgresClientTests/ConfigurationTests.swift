import Diagnostics
import PostgresClient
import TestSupport
import Testing

struct ConfigurationTests {
    @Test("A URI and a keyword string say the same")
    func forms() throws {
        for text in [
            "postgresql://ada:s%20cret@db.example:6000/registry?sslmode=verify-full&connect_timeout=3",
            "host=db.example port=6000 user=ada password='s cret' dbname=registry sslmode=verify-full connect_timeout=3",
        ] {
            let configuration = try PostgresConfiguration(uri: Secret(text))
            #expect(configuration.host == "db.example")
            #expect(configuration.port == 6000)
            #expect(configuration.user == "ada")
            #expect(configuration.database == "registry")
            #expect(configuration.password?.reveal() == "s cret")
            #expect(configuration.parameters["sslmode"] == "verify-full")
            #expect(configuration.connectTimeout == .seconds(3))
            #expect(configuration.safeDescription == "db.example:6000/registry as ada")
        }
    }

    @Test("Without a database the role's name is meant, as libpq does")
    func defaultDatabase() throws {
        #expect(try PostgresConfiguration(uri: Secret("postgresql://ada@h")).database == "ada")
    }

    @Test(
        "A string that libpq does not understand is refused without quoting it",
        arguments: ["postgresql://ada:hunter2@h:x y/", "host=h hunter2", "postgresql://h/?hunter2=1", "hunter2\0"])
    func refused(text: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(uri: Secret(text)) }
        #expect(error?.kind == .invalidArgument)
        #expect(error.map { String(reflecting: $0).contains("hunter2") } == false)
    }

    @Test("No rendering shows the password")
    func secrecy() throws {
        let configuration = try PostgresConfiguration(uri: Secret("postgresql://ada:hunter2@h/d"))
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("hunter2"))
        }
    }

    @Test("Settings hold from the session's first moment, spaces and backslashes included")
    func settings() async throws {
        try await withDatabase { configuration in
            let settings = ["statement_timeout": "12345ms", "search_path": "pg_catalog, \"od d\\\""]
            let connection = try await PostgresConnection.open(
                configuration.with(settings: settings).with(applicationName: "it's me"))
            func show(_ name: String) async throws -> String {
                try await connection.query("SHOW \(name)").single().string(0)
            }
            #expect(try await show("statement_timeout") == "12345ms")
            #expect(try await show("search_path") == "pg_catalog, \"od d\\\"")
            #expect(try await show("application_name") == "it's me")
            #expect(try await show("datestyle").hasPrefix("ISO"))
            await connection.close()
        }
    }

    @Test("A server without TLS is refused when TLS is demanded")
    func tls() async throws {
        var configuration = try await TestPostgres.shared().configuration
        configuration.host = "127.0.0.1"
        configuration.parameters["sslmode"] = "require"
        let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.open(configuration) }
        #expect(error?.kind == .connect)
    }
}
