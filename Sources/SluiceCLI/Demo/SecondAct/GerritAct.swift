import ControlAPI
import DesiredState
import Diagnostics
import ForgeDoubles
import Foundation
import Logging
import PostgresClient
import Terminal

/// The second act: the same gate on Gerrit. Commits to a config repository say what should be, webhooks say when to look.
struct GerritAct: Sendable {
    let directories: DemoDirectories
    let narrator: Narrator
    let context: CommandContext

    /// Plays it. Throws when anything that is told is not seen.
    func perform() async throws {
        try directories.make()
        try narrator.chapter(12, "Second act: Gerrit, a config repository, webhooks")
        let double = try ForgeDouble(
            ForgeDoubleConfiguration(type: .gerrit, directory: directories.gerrit, now: { Date() }),
            logger: try .toFile(directories.log, .info))
        var random = SystemRandomNumberGenerator()
        let accounts = try DevForgeAccounts.prepare(in: directories.gerrit, using: &random)
        for project in [GerritStage.registry, SampleConfiguration.project] {
            try await accounts.introduce(to: double, project: project)
        }
        let token = String(UInt64.random(in: .min ... .max, using: &random), radix: 36)
        try DemoDirectories.write(["webhook-token": "\(token)\n"], below: directories.root)
        try await double.serving { address in
            try accounts.writeGitCredentials(for: address)
            try narrator.say("A stand-in for Gerrit listens on \(address): its REST interface, and real git.")
            let stage = GerritStage(
                double: double, address: address, directories: directories, narrator: narrator,
                git: AuthorGit(
                    home: directories.root,
                    searchPath: context.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"))
            try await perform(on: stage, token: token)
        }
    }

    private func perform(on stage: GerritStage, token: String) async throws {
        let secrets = GerritSecrets(
            password: DevForgeAccounts.tokenFile(of: DevForgeAccounts.sluice, in: directories.gerrit),
            webhook: "\(directories.root)/webhook-token")
        for project in [SampleConfiguration.project, GerritStage.registry] { try await stage.clone(project) }
        try await stage.push(
            SampleConfiguration.beginning(at: stage.address, secrets), of: SampleConfiguration.project,
            message: "A forge and a database server")
        let forge = Data(SampleConfiguration.forge(at: stage.address, secrets).utf8)
        let manifest = try DesiredStateReader().read(files: [DesiredStateFile(path: "forge.yaml", bytes: Array(forge))])
        var configuration = ControllerConfiguration(
            desiredState: .repository(
                ConfigRepositoryPlace(
                    address: SampleConfiguration.project, branch: "master", path: SampleConfiguration.path,
                    forge: manifest.forges.first)),
            dataDirectory: directories.data, interface: try ControlAPIConfiguration(port: 0), stateDatabase: nil,
            environment: context.environment)
        configuration.rereadInterval = .seconds(3600)
        configuration.trustedHosts = [stage.address.replacingAll("http://", with: "")]
        try narrator.command(
            "sluice serve --config-repo \(SampleConfiguration.project) --config-forge forge.yaml --branch master …")
        let controller = DemoController(configuration: configuration, log: directories.log)
        try await controller.serve(preparing: SampleRegistry.makeReference) { address, server in
            stage.double.webhooks.set(WebhookTarget(url: "\(address)/hooks/gerrit/\(token)", secret: ""))
            try await GerritStory(
                stage: stage, client: try ControlClient(server: address, token: nil), server: server,
                narrator: narrator
            ).tell()
        }
    }
}
