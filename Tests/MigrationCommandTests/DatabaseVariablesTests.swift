import Diagnostics
import PostgresClient
import Testing

@testable import MigrationCommand

@Suite("What a program is told of the database")
struct DatabaseVariablesTests {
    private static let login = PostgresConfiguration(
        host: "/data/socket", port: 5433, user: "sluice_land", password: Secret("p@ss/word"), database: "build-1")

    @Test("the database is told by an address and by libpq's variables, with names and passwords escaped")
    func variables() {
        let inside = DatabaseVariables(Self.login, socketDirectory: "/run/postgresql")
        #expect(
            inside.variables["DATABASE_URL"]
                == "postgresql://sluice_land:p%40ss%2Fword@/build-1?host=%2Frun%2Fpostgresql&port=5433")
        #expect(inside.variables["PGHOST"] == "/run/postgresql")
        #expect(inside.variables["PGPASSWORD"] == "p@ss/word")
        #expect(inside.socket == "/data/socket/.s.PGSQL.5433")
        #expect(Set(inside.secrets.map { $0.reveal() }) == ["p@ss/word", "p%40ss%2Fword"])
        var remote = PostgresConfiguration(host: "::1", user: "u", database: "d")
        remote.parameters = ["sslmode": "verify-full", "sslrootcert": "/etc/ca.pem", "sslkey": "/secret/key"]
        let network = DatabaseVariables(remote, socketDirectory: nil)
        #expect(
            network.variables["DATABASE_URL"]
                == "postgresql://u@[::1]:5432/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem")
        #expect(network.variables["PGSSLROOTCERT"] == "/etc/ca.pem")
        #expect(!network.variables.values.contains { $0.contains("/secret/key") })
        #expect(network.socket == nil)
        #expect(network.files == ["/etc/ca.pem"])
    }

    @Test("a program that the operator has not allowed is refused by name, with what to do")
    func refusal() {
        let programs = MigrationPrograms(programs: ["alembic": "/usr/bin/alembic"], directory: "/nowhere")
        #expect(programs.refusal(of: "alembic") == nil)
        let refusal = programs.refusal(of: "flyway")
        #expect(refusal?.code == "migration.not-allowed")
        #expect(refusal?.kind == .stalled)
        #expect(refusal?.message.contains("allowed: alembic") == true)
        #expect(refusal?.hint?.contains("--allow-migration-command flyway=") == true)
        #expect(programs.refusal(reaching: Self.login) == nil)
        #expect(programs.refusal(reaching: PostgresConfiguration(host: "db", user: "u", database: "d")) != nil)
    }
}
