import ControlAPI
import Diagnostics
import Terminal

/// The third act: releases of a Puppet control repository, on a controller of its own and a local forge.
struct ReleaseAct: Sendable {
    let directories: DemoDirectories
    let narrator: Narrator
    let context: CommandContext

    /// Plays it. Throws when anything that is told is not seen.
    func perform() async throws {
        try directories.make()
        try narrator.chapter(18, "Third act: a Puppet control repository")
        try narrator.say("Its branches are environments: uat, production, and four zones. A release is merged")
        try narrator.say("into uat, then production, then the zones: zone01 and zone02 first, zone03 and zone04 after.")
        let stage = ReleaseStage(
            directories: directories,
            git: AuthorGit(
                home: directories.root, searchPath: context.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"),
            narrator: narrator)
        try await stage.prepare()
        try DemoDirectories.write(
            SampleControlRepository.manifests(repositories: directories.repositories), below: directories.config)
        let configuration = ControllerConfiguration(
            desiredState: .directory(directories.config), dataDirectory: directories.data,
            interface: try ControlAPIConfiguration(port: 0), stateDatabase: nil, environment: context.environment)
        let controller = DemoController(configuration: configuration, log: directories.log)
        try await controller.serve(preparing: { _ in }) { address, _ in
            let client = try ControlClient(server: address, token: nil)
            try await ReleaseStory(
                stage: stage, release: DemoRelease(client: client, narrator: narrator), narrator: narrator
            ).tell()
        }
    }
}
