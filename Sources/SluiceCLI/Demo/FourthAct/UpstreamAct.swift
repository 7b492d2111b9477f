import ControlAPI
import Diagnostics
import Terminal

/// The fourth act: a package follows somebody else's repository, on a controller of its own and a local forge.
struct UpstreamAct: Sendable {
    let directories: DemoDirectories
    let narrator: Narrator
    let context: CommandContext

    /// Plays it. Throws when anything that is told is not seen.
    func perform() async throws {
        try directories.make()
        try narrator.chapter(25, "Fourth act: a package follows somebody else's branch")
        let stage = UpstreamStage(
            directories: directories,
            git: AuthorGit(
                home: directories.root, searchPath: context.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"),
            narrator: narrator)
        try await stage.prepare()
        try DemoDirectories.write(
            UpstreamStage.manifests(repositories: directories.repositories), below: directories.config)
        try narrator.say("The package has upstream's files with a line of its own, and takes patches by its spec file:")
        try narrator.show(UpstreamStage.manifest)
        let configuration = ControllerConfiguration(
            desiredState: .directory(directories.config), dataDirectory: directories.data,
            interface: try ControlAPIConfiguration(port: 0), stateDatabase: nil, environment: context.environment)
        let controller = DemoController(configuration: configuration, log: directories.log)
        try await controller.serve(preparing: { _ in }) { address, _ in
            try await UpstreamStory(
                stage: stage, client: try ControlClient(server: address, token: nil), narrator: narrator
            ).tell()
        }
    }
}
