import ArgumentParser

/// `sluice history`: what was done.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show what was done: runs, their tasks, changes of desired state.",
        discussion: """
            A run is one pass over an object that had something to do; a task is one effect in it. A change is one commit
            to desired state that came into force: whose it was, and which values of which objects became others. Nothing
            here can be changed, and only "prune" removes any of it.

            EXAMPLES
              sluice history                                 the latest runs of all objects
              sluice history candidate/land/102              of one object
              sluice history runs --status failed --longer-than 5m
              sluice history show 17                         run 17 with every effect
              sluice history tasks --target registry-dev-102 whatever was done to a database
              sluice history changes registry/land           what changed a registry
              sluice history export tasks --format csv --since 2026-01-01T00:00:00Z > tasks.csv
              sluice history prune --older-than 90d          what would be forgotten; with --yes it is
            """,
        subcommands: [
            HistoryRuns.self, HistoryTasks.self, HistoryShow.self, HistoryChanges.self, HistoryChange.self,
            HistoryExport.self, HistoryPrune.self,
        ], defaultSubcommand: HistoryRuns.self)
}
