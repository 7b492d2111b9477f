import ArgumentParser
import DesiredState
import Terminal

/// In whose name something is asked: the same for everything that is recorded with a name.
///
/// A controller that knows who its callers are takes their own name. One that trusts them altogether, as on a machine of
/// one's own, takes the name that is said here.
struct ActorOption: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: "Who asks, for a controller that takes one's word for it (else SLUICE_ACTOR, else the user's login name)."
    )
    var actor: String?

    /// The name that was said; nil when none was.
    var said: String? {
        (actor ?? CommandContext.current.environment["SLUICE_ACTOR"]).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The user's login name, which nobody said.
    var login: String? { CommandContext.current.environment["USER"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Both, as members of a request.
    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["actor"] = said.map { .string($0) }
        members["login"] = login.map { .string($0) }
        return members
    }
}
