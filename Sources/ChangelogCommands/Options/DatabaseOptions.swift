import ArgumentParser
import Changelog
import Foundation
import PostgresClient
import Terminal

/// Which database, and where its books are: Liquibase's options of these names.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The database: postgresql://… or jdbc:postgresql://… (else SLUICE_DATABASE_URL).", valueName: "url"))
    var url: SecretArgument?

    @Option(name: .long, help: "A file with the database's URL.", completion: .file())
    var urlFile: String?

    @Option(name: .long, help: "The role that logs in; it wins over the URL's.")
    var username: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Its password. Others can see it here: use --password-file or LIQUIBASE_COMMAND_PASSWORD.",
            valueName: "password"))
    var password: SecretArgument?

    @Option(name: .long, help: "A file with its password.", completion: .file())
    var passwordFile: String?

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

    func validate() throws {
        guard changelogLockWaitTimeInMinutes <= 525_600 else {
            throw ValidationError("--changelog-lock-wait-time-in-minutes is a year at most: 525600")
        }
    }

    /// The options that environment and defaults file may give.
    static let settings = [
        "url", "url-file", "username", "password", "password-file", "default-schema-name", "liquibase-schema-name",
        "liquibase-tablespace-name", "database-changelog-table-name", "database-changelog-lock-table-name",
        "changelog-lock-wait-time-in-minutes", "changelog-lock-poll-rate",
    ]

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
}
