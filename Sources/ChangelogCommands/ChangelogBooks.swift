import ArgumentParser
import Changelog
import Terminal

/// `sluice changelog tag`.
struct ChangelogTag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Put a tag on what has run last, to roll back to.")

    @Option(name: .long, help: "The tag.")
    var tag: String

    @OptionGroup var database: DatabaseOptions

    func run() async throws { try await database.withSession { try await $0.deployer.tag(tag) } }
}

/// `sluice changelog release-locks`.
struct ChangelogReleaseLocks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release-locks", abstract: "Give back the lock of somebody who died with it.",
        discussion: """
            Whether Liquibase lives cannot be seen from outside: make sure first that it does not deploy. A sluice that
            died has its lock taken over without this command, and one that lives keeps it: --terminate ends its
            sessions first, for one that is frozen or out of reach.
            """)

    @Flag(name: .long, help: "End the sessions of a sluice that has the lock.")
    var terminate = false

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let holder = try await database.withSession { try await $0.deployer.releaseLocks(terminating: terminate) }
        let console = CommandContext.current.console
        console.say(holder.map { "the lock of \($0.harmless) is free" } ?? "the lock was free")
    }
}
