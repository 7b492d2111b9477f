import ArgumentParser
import Changelog

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
        discussion: "Make sure first that nobody deploys. Locks of a dead sluice are taken over without this.")

    @OptionGroup var database: DatabaseOptions

    func run() async throws { try await database.withSession { try await $0.deployer.releaseLocks() } }
}
