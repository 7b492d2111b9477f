import AccessControl
import ArgumentParser
import DesiredState
import Diagnostics
import Terminal

/// `sluice auth …`: who one is, and what one may do.
struct AuthCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auth", abstract: "Ask who you are to the controller, and what you may do.",
        discussion: """
            EXAMPLES
              sluice auth whoami
              sluice auth can-i reconcile registry/land
              sluice auth can-i forget
              sluice auth can-i approve release/edge-2026-02 --user dora --group infra
            """,
        subcommands: [AuthWhoAmICommand.self, AuthCanICommand.self, AuthHashPasswordCommand.self])
}

/// `sluice auth whoami`: the name that was proved.
struct AuthWhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show who you are to the controller, and how that was proved.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let subject = try await server.client().get(["api", "v1", "access", "whoami"]).body
        try output.print(subject, name: { $0["name"]?.string }) { _ in AccessView.subject(subject) }
    }
}

/// `sluice auth can-i`: whether one may.
struct AuthCanICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "can-i", abstract: "Ask whether you, or somebody else, may do something.",
        discussion: """
            Prints yes with what allows it, or no; exits with 0 or 1. Verbs are \(Verb.allCases.map(\.rawValue).joined(separator: ", ")).
            Only administrators ask for others.
            """)

    @Argument(help: "The verb.")
    var verb: String

    @Argument(help: "With which object, as kind/name; left out, with the controller as a whole.")
    var object: ObjectName?

    @Option(name: .long, help: "Whether this user may.")
    var user: String?

    @Option(name: .long, help: "A group of that user; more than once for several.")
    var group: [String] = []

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.client().get(
            ["api", "v1", "access", "can-i"],
            [
                ("verb", verb), ("kind", try object?.kind), ("name", try object?.key.name), ("user", user),
                ("groups", group.isEmpty ? nil : group.joined(separator: ",")),
            ]
        ).body
        let console = CommandContext.current.console
        guard answer["allowed"]?.bool == true else {
            try console.print("no")
            throw ExitStatus.notReady
        }
        try console.print("yes: \(answer["reason"]?.string?.oneLine ?? "")")
    }
}

/// `sluice auth hash-password`: a line for the file of passwords.
struct AuthHashPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash-password", abstract: "Make a line for the file of passwords.",
        discussion: """
            The password is read from standard input: on the command line everybody on the machine could see it. The hash has
            the form that patch-tracking's settings have.

            EXAMPLE
              sluice auth hash-password admin < password.txt >> /etc/sluice/users
            """)

    @Argument(help: "The user's name.")
    var name: String

    func run() async throws {
        guard (1...100).contains(name.count), !name.holds(":"), name.oneLine == name, !name.begins(with: "#") else {
            throw CommandFailure(.usage, "a user's name is one line of at most 100 characters without \":\"")
        }
        var bytes = try CommandContext.current.input(PasswordHash.passwordLimit + 2)[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty else {
            throw CommandFailure(
                .invalid, "there is no password on standard input",
                hint: "sluice auth hash-password NAME < password.txt")
        }
        var generator = SystemRandomNumberGenerator()
        let salt = PasswordHash.newSalt(using: &generator)
        let hash = try await PasswordVerifier().hash(Secret(text), salt: salt)
        try CommandContext.current.console.print("\(name):\(hash)")
    }
}
