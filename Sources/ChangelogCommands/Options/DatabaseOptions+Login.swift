import ArgumentParser
import DesiredState
import Diagnostics
import PostgresClient
import Terminal

/// An option's value that is never printed.
struct SecretArgument: ExpressibleByArgument {
    let secret: Secret<String>

    init?(argument: String) { secret = Secret(argument) }
}

extension DatabaseOptions {
    /// Whether a database is named at all.
    var isNamed: Bool {
        url != nil || urlFile != nil || CommandContext.current.environment["SLUICE_DATABASE_URL"] != nil
    }

    /// Where to log in, and as whom.
    func configuration() throws -> PostgresConfiguration {
        let secrets = SecretResolver(environment: CommandContext.current.environment)
        let uri: Secret<String>
        if let url {
            uri = url.secret
        } else if let urlFile {
            uri = try secrets.resolve(.file(AbsolutePath.of(urlFile)))
        } else if isNamed {
            uri = try secrets.resolve(.environment("SLUICE_DATABASE_URL"))
        } else {
            throw CommandFailure(
                .usage, "no database is named", hint: "give --url, --url-file, or set SLUICE_DATABASE_URL")
        }
        let isLibpqs = ["jdbc:", "offline:"].allSatisfy { !uri.reveal().begins(with: $0) }
        let configuration = try PostgresConfiguration(uri: isLibpqs ? uri : try JDBCURL(uri).connectionString)
        let password = try passwordFile.map { try secrets.resolve(.file(AbsolutePath.of($0))) } ?? password?.secret
        guard username != nil || password != nil else { return configuration }
        return configuration.with(
            user: username ?? configuration.user, password: password ?? configuration.password)
    }
}
