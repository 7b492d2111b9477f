import ArgumentParser

/// `sluice upstream …`: branches of other people's repositories that packages follow.
struct UpstreamCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upstream", abstract: "Follow upstream branches: patches, one issue and one merge request each.",
        discussion: """
            What an upstream should be is desired state, as for sluice apply. The cursor, up to where its package has
            everything, is not: it moves when the merge request is merged, and by move-cursor, which is recorded.

            EXAMPLES
              sluice upstream add tool --url https://git.example.org/tool.git --branch main \\
                --package gitlab:packages/tool --package-branch master --spec tool.spec
              sluice upstream list
              sluice upstream show tool
              sluice upstream move-cursor tool 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d --as ada
              sluice upstream import /etc/patch-tracking/items --forge gitee --dry-run
            """,
        subcommands: [
            UpstreamAddCommand.self, UpstreamListCommand.self, UpstreamShowCommand.self, UpstreamScanCommand.self,
            UpstreamMoveCursorCommand.self, UpstreamReopenCommand.self, UpstreamIgnoreCommand.self,
            UpstreamDeleteCommand.self, UpstreamImportCommand.self,
        ])
}
