import ArgumentParser

/// `sluice release …`: releases of control repositories.
struct ReleaseCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Release a Puppet control repository: rehearse, promote, roll back.",
        discussion: """
            A release brings the changes of one branch through the stages and, batch by batch, into the zones. These commands
            only say where it should be; the controller walks it there, one rehearsed merge at a time.

            EXAMPLES
              sluice release create edge-2026-02 --repository puppet --source edge_2026_02 --title 'TLS 1.3' \\
                --batch zone01,zone02 --batch zone03,zone04 --operator bob
              sluice release rehearse edge-2026-02
              sluice release approve edge-2026-02 --as dora
              sluice release promote edge-2026-02 --to uat --as bob
              sluice release promote edge-2026-02 --to complete --as bob
              sluice release rollback edge-2026-02 --as bob
            """,
        subcommands: [
            ReleaseCreateCommand.self, ReleaseShowCommand.self, ReleaseRehearseCommand.self, ReleaseApproveCommand.self,
            ReleasePromoteCommand.self, ReleaseAcceptCommand.self, ReleaseEmergencyCommand.self,
            ReleaseRollbackCommand.self, ReleaseResumeCommand.self, ReleaseCancelCommand.self,
        ])
}
