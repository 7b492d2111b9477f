import ArgumentParser
import ChangelogCommands
import Terminal

/// `sluice`: the root of all commands.
struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "A GitOps reconciler: every candidate change gets its own database, a verdict, and a table list.",
        discussion: """
            EXAMPLES
              sluice demo                         see the whole story here, in a minute
              sluice serve --config manifests     run the controller
              sluice get candidates               what is open, and how it stands
              sluice explain candidate/land/102   why it is not ready, and what wakes it
              sluice changelog status --url "$DB" --changelog-file main.xml
              sluice puppetfile check Puppetfile  is it one, and what would be installed

            ENVIRONMENT
              SLUICE_SERVER   the controller's address, default http://127.0.0.1:8642
              SLUICE_TOKEN    the access token, when the controller asks for one
              NO_COLOR        no colours, wherever the output goes

            EXIT CODES
            \(ExitStatus.table)
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "START",
                subcommands: [DemoCommand.self, ServeCommand.self, ValidateCommand.self, SchemaCommand.self]),
            CommandGroup(
                name: "LOOK",
                subcommands: [
                    GetCommand.self, DescribeCommand.self, ExplainCommand.self, PlanCommand.self, HistoryCommand.self,
                    EventsCommand.self, DriftCommand.self, HostsCommand.self, DoctorCommand.self,
                    ExportCommand.self,
                ]),
            CommandGroup(
                name: "ACT",
                subcommands: [
                    ReconcileCommand.self, ReleaseCommands.self, UpstreamCommands.self, ApplyCommand.self,
                    CleanupCommand.self,
                    HooksCommand.self, NotifyCommand.self, NoticesCommand.self,
                ]),
            CommandGroup(
                name: "ACCESS", subcommands: [AuthCommands.self, TokenCommands.self, AuditCommands.self]),
            CommandGroup(
                name: "THE STATE DATABASE",
                subcommands: [BackupCommand.self, RestoreCommand.self, StateCommands.self]),
            CommandGroup(
                name: "WITHOUT A CONTROLLER",
                subcommands: [
                    ChangelogCommand.self, PuppetfileCommand.self, DevCommand.self, VersionCommand.self,
                ]),
        ])
}
