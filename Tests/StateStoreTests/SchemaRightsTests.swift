import Diagnostics
import PostgresClient
import TestSupport
import Testing

@testable import StateStore

@Suite("What the login of the state store needs")
struct SchemaRightsTests {
    @Test("A schema that was made for it, or leave to make one, is enough; what is missing is said in words")
    func login() async throws {
        let postgres = try await TestPostgres.shared()
        try await postgres.withPrefix { prefix in
            let (role, database) = ("\(prefix)keeper", "\(prefix)state")
            try await postgres.server.ensureRole(role, RoleAttributes(login: true, password: Secret("known")))
            try await postgres.server.createDatabase(database)
            let owner = try await PostgresConnection.open(postgres.configuration.with(database: database))
            try await owner.execute("GRANT CONNECT ON DATABASE \(database) TO \(role)")
            let login = postgres.configuration.with(database: database).with(user: role, password: Secret("known"))
            let pool = PostgresPool(configuration: login, size: 2)
            let store = StateStore(pool: pool)
            let refusal = await #expect(throws: SchemaRefusal.self) { try await store.migrate() }
            #expect(refusal?.sluiceError.code == "store.may-not-create")
            #expect(refusal?.sluiceError.message.contains(role) == true)

            try await owner.execute("CREATE SCHEMA sluice AUTHORIZATION \(role)")
            try await store.migrate()
            #expect(try await store.schemaStatus().fit == .same)

            // Whoever may make the schema needs none that was made before.
            try await owner.execute("DROP SCHEMA sluice CASCADE")
            try await owner.execute("GRANT CREATE ON DATABASE \(database) TO \(role)")
            try await store.migrate()
            #expect(try await store.schemaStatus().fit == .same)
            await pool.close()
            await owner.close()
        }
    }
}
