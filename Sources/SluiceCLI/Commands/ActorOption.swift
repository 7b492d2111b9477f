import ArgumentParser
import Terminal

/// Who asks: the same for everything that is recorded with a name.
struct ActorOption: ParsableArguments {
    @Option(name: .customLong("as"), help: "Who asks (else SLUICE_ACTOR, else the user's login name).")
    var actor: String?

    /// Who asks.
    var name: String {
        get throws {
            let environment = CommandContext.current.environment
            guard let name = actor ?? environment["SLUICE_ACTOR"] ?? environment["USER"], !name.isEmpty else {
                throw CommandFailure(.usage, "nobody asks", hint: "say who: --as NAME")
            }
            return name
        }
    }
}
