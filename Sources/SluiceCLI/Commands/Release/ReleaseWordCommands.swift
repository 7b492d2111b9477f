import ArgumentParser
import DesiredState
import Terminal

/// `sluice release approve`: one's word for a tree.
struct ReleaseApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve what a release's source holds now.",
        discussion: """
            The approval is for exactly this tree: a new commit on the source asks again. Without --tree it is for the tree that
            the controller saw last, which is printed.
            """)

    @OptionGroup var options: ReleaseOptions

    @Option(name: .long, help: "The tree that was looked at, 40 digits.")
    var tree: String?

    func run() async throws {
        let shown = try await options.server.client().get(["api", "v1", "releases", options.name]).body["status"]
        guard let wanted = tree ?? shown?["tree"]?.string else {
            throw CommandFailure(
                .notReady, "the release has no tree yet", hint: "sluice release rehearse \(options.name)")
        }
        CommandContext.current.console.say("approving the tree \(wanted.oneLine)")
        try await options.ask("approve", ["tree": .string(wanted)])
    }
}

/// `sluice release accept`: a result that is not the release alone.
struct ReleaseAcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Accept what one branch would get though it is not the release alone.",
        discussion: "Only for exactly the tree that the rehearsal shows for it.")

    @OptionGroup var options: ReleaseOptions

    @Option(name: .long, help: "The branch.")
    var branch: String

    @Option(name: .long, help: "The tree that the rehearsal shows for it, 40 digits.")
    var tree: String

    func run() async throws {
        try await options.ask("accept", ["branch": .string(branch), "tree": .string(tree)])
    }
}

/// `sluice release emergency`: the second person's word.
struct ReleaseEmergencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emergency", abstract: "Say, as a second person, that a release cannot wait for its window.",
        discussion: "It counts for what was asked last, and is recorded with who asked, who confirmed, and the reason.")

    @OptionGroup var options: ReleaseOptions

    @Option(name: .long, help: "Why it cannot wait.")
    var reason: String

    func run() async throws { try await options.ask("emergency", ["reason": .string(reason)]) }
}
