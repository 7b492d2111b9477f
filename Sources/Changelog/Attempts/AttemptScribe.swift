import Foundation
import PostgresClient

/// Writes what one run does into the history of attempts.
struct AttemptScribe: Sendable {
    let options: DeployerOptions
    let run: String
    /// The server and the database.
    let database: String?

    /// Finds out which database it is about; without a log nobody asks.
    init(_ options: DeployerOptions, run: String, connection: PostgresConnection) async {
        self.options = options
        self.run = run
        guard options.attempts != nil else {
            database = nil
            return
        }
        database = await Self.database(of: connection)
    }

    /// The server, by the identifier that its cluster was made with, and the database; nil for a role that may not ask.
    static func database(of connection: PostgresConnection) async -> String? {
        let name = "SELECT system_identifier || '/' || current_database() FROM pg_catalog.pg_control_system()"
        return try? await connection.execute(name).single().string(0)
    }

    /// Notes something.
    func note(
        _ event: AttemptRecord.Event, _ prepared: PreparedChangeSet? = nil,
        _ fill: (inout AttemptRecord) -> Void = { _ in }
    ) async {
        guard let log = options.attempts else { return }
        var record = AttemptRecord(
            event, time: options.now(), run: run, database: database, actor: options.owner, engine: options.engine,
            changeSet: prepared?.identity)
        record.checksum = prepared?.checksum.description
        fill(&record)
        await log.append(record)
    }
}
