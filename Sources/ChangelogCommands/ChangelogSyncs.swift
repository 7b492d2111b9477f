import ArgumentParser
import Changelog
import Terminal

/// What the commands have in common that note changesets as run without running them.
struct Sync: ParsableArguments {
    static let settings = ChangelogOptions.settings + DatabaseOptions.settings

    @OptionGroup var changelog: ChangelogOptions
    @OptionGroup var database: DatabaseOptions

    func run(_ extent: BooksSync.Extent) async throws {
        let noted = try await database.withSession { session in
            try await session.deployer.sync(
                try changelog.prepare(schema: session.schema, facts: session.facts), extent)
        }
        let console = CommandContext.current.console
        for identity in noted { console.say(identity.description.oneLine) }
        try console.print("changesets noted as run: \(noted.count)")
    }
}

/// `sluice changelog changelog-sync`.
struct ChangelogSync: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "changelog-sync", abstract: "Note all changesets as run, and run none of them.")
    static let settings = Sync.settings

    @OptionGroup var sync: Sync

    func run() async throws { try await sync.run(.all) }
}

/// `sluice changelog changelog-sync-to-tag`.
struct ChangelogSyncToTag: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "changelog-sync-to-tag",
        abstract: "Note changesets as run, up to and with the one that sets a tag.")
    static let settings = TagOption.settings + Sync.settings
    static let positional: String? = "tag"

    @OptionGroup var tag: TagOption
    @OptionGroup var sync: Sync

    func run() async throws { try await sync.run(.tag(tag.tag)) }
}

/// `sluice changelog mark-next-changeset-ran`.
struct ChangelogMarkNextChangesetRan: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark-next-changeset-ran", abstract: "Note the next changeset as run, and do not run it.")
    static let settings = Sync.settings

    @OptionGroup var sync: Sync

    func run() async throws { try await sync.run(.next) }
}

/// `sluice changelog changelog-sync-sql`.
struct ChangelogSyncSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "changelog-sync-sql", abstract: "Print what changelog-sync would send.")
    static let settings = Script.settings

    @OptionGroup var script: Script

    func run() async throws {
        try await script.write { try await $0.syncScript($1, .all) }
    }
}

/// `sluice changelog changelog-sync-to-tag-sql`.
struct ChangelogSyncToTagSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "changelog-sync-to-tag-sql", abstract: "Print what changelog-sync-to-tag would send.")
    static let settings = TagOption.settings + Script.settings
    static let positional: String? = "tag"

    @OptionGroup var tag: TagOption
    @OptionGroup var script: Script

    func run() async throws {
        try await script.write { try await $0.syncScript($1, .tag(tag.tag)) }
    }
}

/// `sluice changelog mark-next-changeset-ran-sql`.
struct ChangelogMarkNextChangesetRanSQL: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark-next-changeset-ran-sql", abstract: "Print what mark-next-changeset-ran would send.")
    static let settings = Script.settings

    @OptionGroup var script: Script

    func run() async throws {
        try await script.write { try await $0.syncScript($1, .next) }
    }
}
