import ArgumentParser
import DesiredState
import Terminal

/// `sluice release promote`: on to a stage, a batch, or all the way.
struct ReleasePromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Have a release merged up to a stage or a batch.",
        discussion: """
            Everything before it is merged first. Each step is rehearsed again before it begins; the first that fails stops the
            walk, and what was merged stays merged.

            EXAMPLES
              sluice release promote edge-2026-02 --to uat
              sluice release promote edge-2026-02 --to batch/1
              sluice release promote edge-2026-02 --to complete
            """)

    @OptionGroup var options: ReleaseOptions

    @Option(name: .customLong("to"), help: "A stage, batch/1, batch/2, …, or complete.")
    var target: String

    func run() async throws { try await options.ask("promote", ["target": .string(target)]) }
}

/// `sluice release rollback`: back from everywhere.
struct ReleaseRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Have a release taken back from every branch that has it.",
        discussion: """
            In the reverse order. A release that was taken back is not promoted again: its commits are in the history. Begin a
            new one from a new branch.
            """)

    @OptionGroup var options: ReleaseOptions

    func run() async throws { try await options.ask("rollback") }
}

/// `sluice release resume`: once more as it is.
struct ReleaseResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Have a release tried again after what stopped it was mended.")

    @OptionGroup var options: ReleaseOptions

    func run() async throws { try await options.ask("resume") }
}

/// `sluice release cancel`: given up.
struct ReleaseCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Give a release up: its source branch is deleted.",
        discussion: "Only before anything was merged, or when all of it was taken back.")

    @OptionGroup var options: ReleaseOptions

    func run() async throws { try await options.ask("cancel") }
}
