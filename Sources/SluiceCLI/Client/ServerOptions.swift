import ArgumentParser
import DesiredState
import Diagnostics
import Foundation
import Terminal

/// How the controller is reached: the options of every command that asks it something.
struct ServerOptions: ParsableArguments {
    @Option(name: .long, help: "The controller's address (SLUICE_SERVER; else http://127.0.0.1:8642).")
    var server: String?

    @Option(
        name: .long,
        help:
            "A file with the access token (else SLUICE_TOKEN; else what the controller of this machine leaves in its data directory, SLUICE_DATA_DIR, for its own account).",
        completion: .file())
    var tokenFile: String?

    /// The client that the options and the environment describe.
    func client(deadline: Duration = .seconds(30)) throws -> ControlClient {
        let environment = CommandContext.current.environment
        let secrets = SecretResolver(environment: environment)
        let address = server ?? environment["SLUICE_SERVER"] ?? "http://127.0.0.1:8642"
        let token: Secret<String>? =
            if let tokenFile {
                try secrets.resolve(.file(AbsolutePath.of(tokenFile)))
            } else if environment["SLUICE_TOKEN"].map({ !$0.isEmpty }) ?? false {
                try secrets.resolve(.environment("SLUICE_TOKEN"))
            } else {
                URL(string: address).flatMap {
                    LocalToken.read(
                        for: $0, directory: environment["SLUICE_DATA_DIR"] ?? LocalToken.usualDirectory)
                }
            }
        return try ControlClient(server: address, token: token, deadline: deadline)
    }
}
