package import ArgumentParser
import Terminal

/// `sluice changelog`: Liquibase-format changelogs on any PostgreSQL database, without a controller.
///
/// This room holds the commands below it. They read options and print; what they do is the changelog engine's.
package struct ChangelogCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "changelog", abstract: "Work with Liquibase-format changelogs on any PostgreSQL database.",
        discussion: """
            Commands and options are Liquibase's own, and so are the tables in which it is kept what has run: a script
            changes one word, and the two can take turns on one database. A changelog that cannot be run exactly as
            Liquibase would run it is refused by name, with exit code 3.

            Options may stand before the command or behind it, be written --changelog-file or --changeLogFile, and also
            be given by LIQUIBASE_COMMAND_CHANGELOG_FILE and the like, and by liquibase.properties in the working
            directory or the file that --defaults-file names. A URL with a password is better kept in
            SLUICE_DATABASE_URL, or in a file named by --url-file, than on the command line, where others can see it.

            EXAMPLES
              sluice changelog validate --changelog-file main.xml
              sluice changelog lint --changelog-file main.xml --base-search-path ../master
              sluice changelog status --url postgresql://localhost/land --changelog-file main.xml
              sluice changelog update-sql --url "$DB" --changelog-file main.xml --contexts all,pub | less
              sluice changelog update --url "$DB" --changelog-file main.xml -Dreg_version=1.0.0
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "UPDATE",
                subcommands: [
                    ChangelogUpdate.self, ChangelogUpdateCount.self, ChangelogUpdateToTag.self,
                    ChangelogUpdateTestingRollback.self, ChangelogUpdateSQL.self, ChangelogUpdateCountSQL.self,
                    ChangelogUpdateToTagSQL.self,
                ]),
            CommandGroup(
                name: "ROLLBACK",
                subcommands: [
                    ChangelogRollback.self, ChangelogRollbackCount.self, ChangelogRollbackToDate.self,
                    ChangelogRollbackSQL.self, ChangelogRollbackCountSQL.self, ChangelogRollbackToDateSQL.self,
                    ChangelogFutureRollbackSQL.self, ChangelogFutureRollbackCountSQL.self,
                    ChangelogFutureRollbackFromTagSQL.self,
                ]),
            CommandGroup(
                name: "LOOK",
                subcommands: [
                    ChangelogValidate.self, ChangelogStatus.self, ChangelogHistory.self,
                    ChangelogUnexpectedChangesets.self, ChangelogTagExists.self, ChangelogCalculateChecksum.self,
                    ChangelogListLocks.self,
                ]),
            CommandGroup(
                name: "BOOKS",
                subcommands: [
                    ChangelogTag.self, ChangelogSync.self, ChangelogSyncToTag.self, ChangelogSyncSQL.self,
                    ChangelogSyncToTagSQL.self, ChangelogMarkNextChangesetRan.self,
                    ChangelogMarkNextChangesetRanSQL.self, ChangelogClearChecksums.self, ChangelogReleaseLocks.self,
                    ChangelogDropAll.self,
                ]),
            CommandGroup(
                name: "SAFETY",
                subcommands: [
                    ChangelogExplainFailure.self, ChangelogResume.self, ChangelogRestore.self,
                    ChangelogSplitCommand.self, ChangelogMarkApplied.self, ChangelogForget.self,
                ]),
            CommandGroup(name: "LINT", subcommands: [ChangelogLintCommand.self, ChangelogLintRules.self]),
            CommandGroup(name: "SCHEMA", subcommands: [ChangelogSnapshot.self, ChangelogDiff.self]),
        ])

    package init() {}
}

extension ChangelogCommand {
    /// Liquibase's command line in the form that our parser reads, with what the environment and a defaults file add.
    package static func reordered(_ arguments: [String]) throws -> [String] {
        guard let first = arguments.first, first == configuration.commandName else { return arguments }
        let context = CommandContext.current
        let line = LiquibaseCommandLine(
            commands: configuration.subcommands, missing: missing, environment: context.environment,
            note: { context.console.say("note: \($0)") })
        return [first] + (try line.words(Array(arguments.dropFirst())))
    }

    /// Commands of Liquibase that there are not here, so that scripts learn it by the exit code for that.
    private static let missing: Set = [
        "checks", "connect", "db-doc", "deactivate-changelog", "diff-changelog", "execute-sql", "flow",
        "generate-changelog", "init", "register-changelog", "rollback-one-changeset", "rollback-one-changeset-sql",
        "rollback-one-update", "rollback-one-update-sql", "set-contexts", "set-labels",
        "snapshot-reference", "sync-hub", "update-one-changeset", "update-one-changeset-sql",
    ]
}
