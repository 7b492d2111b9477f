import Diagnostics
import EmbeddedPostgres
import Logging
import PostgresClient
import StateStore
import Terminal

extension StateDatabase {
    /// Calls `body` with the store as it is, for commands that ask no controller.
    ///
    /// - Parameters:
    ///   - uri: Where the database is; nil for the private PostgreSQL of a data directory: of the controller that runs
    ///     there, or started for this call.
    ///   - makesDatabase: Whether a private one is made when there is none.
    static func reach<Result: Sendable>(
        _ uri: Secret<String>?, dataDirectory: String, makesDatabase: Bool, logger: Logger,
        _ body: (StateStore) async throws -> Result
    ) async throws -> Result {
        if let uri { return try await using(try PostgresConfiguration(uri: uri), body) }
        let directory = "\(dataDirectory)/postgres"
        guard makesDatabase || EmbeddedPostgres.exists(dataDirectory: directory) else { throw missing(directory) }
        let server: EmbeddedPostgres
        do {
            // The data directory as a whole is left to a controller that may start meanwhile: it will wait for this one.
            server = try await EmbeddedPostgres.start(
                EmbeddedPostgresConfiguration(dataDirectory: directory, logger: logger))
        } catch let error as SluiceError where error.code == "embedded-postgres.directory-in-use" {
            guard let login = EmbeddedPostgres.running(dataDirectory: directory) else { throw error }
            return try await usingPrivate(login, directory, makesDatabase, body)
        }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await usingPrivate(server.configuration, directory, makesDatabase, body))
        } catch { result = .failure(error) }
        await server.stop()
        return try result.get()
    }

    private static func usingPrivate<Result: Sendable>(
        _ login: PostgresConfiguration, _ directory: String, _ makesDatabase: Bool,
        _ body: (StateStore) async throws -> Result
    ) async throws -> Result {
        let pool = PostgresPool(configuration: login, size: 1)
        let exists: Bool
        do { exists = try await PostgresServer(pool: pool).database(name) != nil } catch {
            await pool.close()
            throw error
        }
        await pool.close()
        guard exists || makesDatabase else { throw missing(directory) }
        return try await using(exists ? login.with(database: name) : try await prepare(on: login), body)
    }

    private static func using<Result: Sendable>(
        _ login: PostgresConfiguration, _ body: (StateStore) async throws -> Result
    ) async throws -> Result {
        let pool = PostgresPool(configuration: login.with(applicationName: "sluice command"), size: 2)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(StateStore(pool: pool))) } catch { result = .failure(error) }
        await pool.close()
        return try result.get()
    }

    private static func missing(_ directory: String) -> CommandFailure {
        CommandFailure(
            .notFound, "there is no state database in \(directory)",
            hint: "name the one with --state-database-file, SLUICE_STATE_DATABASE or --data-dir")
    }
}
