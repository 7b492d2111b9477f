import ArgumentParser
import Changelog
import DesiredState
import Diagnostics
import Foundation
import PostgresClient
import Terminal

/// Which database, and where its books are: Liquibase's options of these names.
struct DatabaseOptions: ParsableArguments {
    @Option(name: .long, help: "The database's URI (else SLUICE_DATABASE_URL); a leading jdbc: is passed over.")
    var url: String?

    @Option(name: .long, help: "A file with the database's URI.", completion: .file())
    var urlFile: String?

    @Option(name: .long, help: "The role that logs in, when the URI names none.")
    var username: String?

    @Option(name: .long, help: "The schema of names that have none.")
    var defaultSchemaName: String?

    @Option(name: .long, help: "The schema of the two tables in which it is kept what has run.")
    var liquibaseSchemaName: String?

    @Option(name: .long, help: "The tablespace of those tables.")
    var liquibaseTablespaceName: String?

    @Option(name: .long, help: "The table that says which changesets ran.")
    var databaseChangelogTableName: String = "databasechangelog"

    @Option(name: .long, help: "The table that says who deploys.")
    var databaseChangelogLockTableName: String = "databasechangeloglock"

    @Option(name: .long, help: "How long to wait for whoever deploys, in minutes.")
    var changelogLockWaitTimeInMinutes: Int = 5

    @Option(name: .long, help: "How often to look whether they are done, in seconds.")
    var changelogLockPollRate: Int = 10

    @OptionGroup var safety: SafetyOptions

    /// A session on the database with what a changelog has to know of it.
    struct Session: Sendable {
        let connection: PostgresConnection
        let options: DeployerOptions
        /// The schema of names that have none.
        let schema: String
        /// The properties `database.…`.
        let facts: [String: String]

        var deployer: Deployer { Deployer(connection, options: options) }
    }

    /// Calls `body` with a session on the database.
    func withSession<Result: Sendable>(_ body: (Session) async throws -> Result) async throws -> Result {
        let connection = try await PostgresConnection.open(try configuration())
        do {
            let result = try await body(try await session(on: connection))
            await connection.close()
            return result
        } catch {
            await connection.close()
            throw error
        }
    }

    private func session(on connection: PostgresConnection) async throws -> Session {
        let row = try await connection.execute(
            "SELECT current_setting('server_version') AS version, current_database() AS name"
        ).single()
        let current = try await Deployer.currentSchema(of: connection)
        let schema = defaultSchemaName ?? current
        let host = ProcessInfo.processInfo.hostName
        var options = DeployerOptions(
            books: BooksLayout(
                schema: liquibaseSchemaName ?? schema, table: databaseChangelogTableName,
                lockTable: databaseChangelogLockTableName, tablespace: liquibaseTablespaceName),
            defaultSchema: defaultSchemaName, lockWait: .seconds(max(0, changelogLockWaitTimeInMinutes) * 60),
            lockPoll: .seconds(max(1, changelogLockPollRate)),
            owner: "\(host) (sluice \(ProcessInfo.processInfo.processIdentifier))")
        safety.apply(to: &options)
        let facts = ChangelogParameters.postgresql(
            defaultSchema: schema, liquibaseSchema: liquibaseSchemaName, catalog: try row.string("name"),
            logTable: databaseChangelogTableName, lockTable: databaseChangelogLockTableName,
            productVersion: try row.string("version"),
            isLocal: ["localhost", "127.0.0.1"].contains(try configuration().host))
        return Session(connection: connection, options: options, schema: schema, facts: facts)
    }

    /// Where to log in, and as whom.
    func configuration() throws -> PostgresConfiguration {
        let environment = CommandContext.current.environment
        let uri: Secret<String>
        if let url {
            uri = Secret(url)
        } else if let urlFile {
            uri = try SecretResolver(environment: environment).resolve(.file(AbsolutePath.of(urlFile)))
        } else if environment["SLUICE_DATABASE_URL"] != nil {
            uri = try SecretResolver(environment: environment).resolve(.environment("SLUICE_DATABASE_URL"))
        } else {
            throw CommandFailure(
                .usage, "no database is named", hint: "give --url, --url-file, or set SLUICE_DATABASE_URL")
        }
        let text = uri.reveal()
        let configuration = try PostgresConfiguration(
            uri: Secret(text.hasPrefix("jdbc:") ? String(text.dropFirst("jdbc:".count)) : text))
        guard let username else { return configuration }
        return configuration.with(user: username, password: configuration.password)
    }
}
