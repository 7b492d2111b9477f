import ArgumentParser
import Changelog
import Diagnostics
import Terminal

/// `sluice changelog history`: what has run, deployment by deployment.
struct ChangelogHistory: LiquibaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List what has run, deployment by deployment.",
        discussion: "Moments are those of the books: in the time zone of the session that ran the changeset.")
    static let settings =
        ["format", "show-tags", "tag-filter"] + DatabaseOptions.settings + OutputOptions.settings

    /// Liquibase's two forms.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case tabular = "TABULAR"
        case text = "TEXT"

        init?(argument: String) { self.init(rawValue: argument.uppercased()) }
    }

    @Option(name: .long, help: "TABULAR or TEXT.")
    var format: Format = .tabular

    @Flag(name: .long, help: "Only changesets that carry a tag.")
    var showTags = false

    @Option(name: .long, help: "Only changesets that carry one of these tags, separated by commas.")
    var tagFilter: String?

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var data: DataFormat = .table

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let books = try await database.withSession { try await $0.deployer.readBooks() }
        let tags = tagFilter.map { Set($0.words(at: ",").map { $0.filter { $0 != " " } }) }
        let entries = (books?.entries ?? []).filter { entry in
            if let tags, !tags.contains(entry.tag ?? "") { return false }
            return !showTags || entry.tag != nil
        }
        if data == .json { return try output.write(try ReportJSON.text(entries.map(RanChangeSet.init))) }
        guard !entries.isEmpty else { return CommandContext.current.console.say("no changesets") }
        let deployments = Self.deployments(entries)
        try output.write(
            deployments.map { (format == .text ? Self.text($0) : Self.table($0)).joined(separator: "\n") }
                .joined(separator: "\n\n"))
    }

    /// The entries, cut where another deployment begins.
    static func deployments(_ entries: [BookEntry]) -> [[BookEntry]] {
        entries.reduce(into: []) { groups, entry in
            if let last = groups.last?.last, last.deploymentID == entry.deploymentID {
                groups[groups.count - 1].append(entry)
            } else {
                groups.append([entry])
            }
        }
    }

    private static func text(_ entries: [BookEntry]) -> [String] {
        let when = entries.first?.executedAt ?? "an unknown time"
        let number = entries.first?.deploymentID ?? "none"
        let head = "- Database updated at \(when). Applied \(entries.count) changeset(s), DeploymentId: \(number)"
        return [head] + entries.map { "  \($0.identity)".oneLine }
    }

    private static func table(_ entries: [BookEntry]) -> [String] {
        var table = Table([
            "Deployment ID", "Update Date", "Changelog Path", "Changeset Author", "Changeset ID", "Tag",
        ])
        for entry in entries {
            table.add([
                entry.deploymentID, entry.executedAt.map { String($0.prefix(19)) }, entry.identity.path,
                entry.identity.author, entry.identity.id, entry.tag,
            ])
        }
        return table.lines()
    }
}
