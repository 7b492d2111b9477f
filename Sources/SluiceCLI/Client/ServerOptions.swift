import ArgumentParser
import DesiredState
import Diagnostics
import Terminal

/// How the controller is reached: the options of every command that asks it something.
struct ServerOptions: ParsableArguments {
    @Option(name: .long, help: "The controller's address (SLUICE_SERVER; else http://127.0.0.1:8642).")
    var server: String?

    @Option(name: .long, help: "A file with the access token (else SLUICE_TOKEN).", completion: .file())
    var tokenFile: String?

    /// The client that the options and the environment describe.
    func client(deadline: Duration = .seconds(30)) throws -> ControlClient {
        let environment = CommandContext.current.environment
        let secrets = SecretResolver(environment: environment)
        let token: Secret<String>? =
            if let tokenFile {
                try secrets.resolve(.file(AbsolutePath.of(tokenFile)))
            } else if environment["SLUICE_TOKEN"].map({ !$0.isEmpty }) ?? false {
                try secrets.resolve(.environment("SLUICE_TOKEN"))
            } else {
                nil
            }
        return try ControlClient(
            server: server ?? environment["SLUICE_SERVER"] ?? "http://127.0.0.1:8642", token: token, deadline: deadline)
    }
}
