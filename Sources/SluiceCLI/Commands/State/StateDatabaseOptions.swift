import ArgumentParser
import DesiredState
import Diagnostics
import Logging
import StateStore
import Terminal

/// Which state database a command works on that asks no controller.
struct StateDatabaseOptions: ParsableArguments {
    @Option(
        name: .long, help: "A file with the URI of the state database (else SLUICE_STATE_DATABASE).",
        completion: .file())
    var stateDatabaseFile: String?

    @Option(
        name: [.customLong("data-dir"), .customLong("data")],
        help: "The controller's data directory, for a state database on its private PostgreSQL.",
        completion: .directory)
    var dataDirectory: String = "/var/lib/sluice"

    /// Calls `body` with the store. A private PostgreSQL that does not run is started for it.
    ///
    /// - Parameter makesDatabase: Whether a database on the private PostgreSQL is made when there is none.
    func withStore<Result: Sendable>(
        makesDatabase: Bool = false, _ body: (StateStore) async throws -> Result
    ) async throws -> Result {
        let environment = CommandContext.current.environment
        let secrets = SecretResolver(environment: environment)
        let uri: Secret<String>? =
            if let stateDatabaseFile {
                try secrets.resolve(.file(AbsolutePath.of(stateDatabaseFile)))
            } else if environment["SLUICE_STATE_DATABASE"] != nil {
                try secrets.resolve(.environment("SLUICE_STATE_DATABASE"))
            } else { nil }
        return try await StateDatabase.reach(
            uri, dataDirectory: AbsolutePath.of(dataDirectory), makesDatabase: makesDatabase,
            logger: .toStandardError(.warning), body)
    }
}
