package import ArgumentParser
package import Terminal

/// `sluice changelog`: Liquibase-format changelogs on any PostgreSQL database, without a controller.
///
/// This room holds the commands below it. They read options and print; what they do is the changelog engine's.
package struct ChangelogCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "changelog", abstract: "Work with Liquibase-format changelogs on any PostgreSQL database.",
        discussion: """
            The options are Liquibase's own, and so are the tables in which it is kept what has run: the two can take
            turns on one database. A changelog that cannot be run exactly as Liquibase would run it is refused by name,
            with exit code 3.

            The database is a PostgreSQL URI. One with a password is better kept in SLUICE_DATABASE_URL, or in a file
            named by --url-file, than on the command line, where others can see it.

            EXAMPLES
              sluice changelog validate --changelog-file main.xml
              sluice changelog lint --changelog-file main.xml --base-search-path ../master
              sluice changelog status --url postgresql://localhost/land --changelog-file main.xml
              sluice changelog update-sql --url "$DB" --changelog-file main.xml --contexts all,pub | less
              sluice changelog update --url "$DB" --changelog-file main.xml -Dreg_version=1.0.0
            """,
        subcommands: [
            ChangelogValidate.self, ChangelogStatus.self, ChangelogUpdate.self, ChangelogUpdateCount.self,
            ChangelogUpdateToTag.self, ChangelogUpdateSQL.self, ChangelogRollback.self, ChangelogRollbackCount.self,
            ChangelogTag.self, ChangelogReleaseLocks.self, ChangelogExplainFailure.self, ChangelogResume.self,
            ChangelogRestore.self, ChangelogSplitCommand.self, ChangelogMarkApplied.self, ChangelogForget.self,
            ChangelogSnapshot.self, ChangelogDiff.self, ChangelogLintCommand.self, ChangelogLintRules.self,
        ])

    package init() {}
}

extension ChangelogCommand {
    /// Liquibase's command line in the form that our parser reads.
    ///
    /// What stands before the command's name is put behind it: Liquibase takes some options only there, and scripts are
    /// written so. `-Dname=value` becomes an option with a value.
    package static func reordered(_ arguments: [String]) throws(CommandFailure) -> [String] {
        guard arguments.first == configuration.commandName else { return arguments }
        let arguments = arguments.flatMap { argument in
            argument.hasPrefix("-D") && argument.contains("=")
                ? ["--define", String(argument.dropFirst(2))] : [argument]
        }
        let rest = arguments.dropFirst()
        let known = Set(configuration.subcommands.compactMap { $0.configuration.commandName })
        if let place = rest.firstIndex(where: known.contains) {
            return [arguments[0], arguments[place]] + arguments[1..<place] + arguments[(place + 1)...]
        }
        guard let other = rest.first(where: unsupported.contains) else { return arguments }
        throw CommandFailure(
            .notFound, "changelog \(other) is not supported",
            hint: "there are: \(known.sorted().joined(separator: ", "))",
            code: "changelog.unsupported-command")
    }

    /// Commands of Liquibase that there are not here, so that scripts learn it by the exit code for that.
    private static let unsupported: Set = [
        "calculate-checksum", "changelog-sync", "changelog-sync-sql", "changelog-sync-to-tag", "clear-checksums",
        "diff-changelog", "drop-all", "future-rollback-sql", "generate-changelog", "history", "list-locks",
        "mark-next-changeset-ran", "rollback-count-sql", "rollback-sql", "rollback-to-date", "tag-exists",
        "unexpected-changesets", "update-count-sql", "update-testing-rollback", "update-to-tag-sql",
    ]
}
