import ControlAPI
import Diagnostics
import Foundation
import Logging
import PostgresClient
import Terminal

/// A whole demonstration: a controller in this process, and the story told against it.
struct Demonstration: Sendable {
    let directories: DemoDirectories
    let narrator: Narrator
    let context: CommandContext
    /// Where the interface listens; 0 takes a free port.
    let port: Int
    /// Whether the controller goes on serving after the story.
    let serves: Bool

    /// Runs it. Throws when anything that is told is not seen.
    func run() async throws {
        let start = ContinuousClock.now
        try directories.make()
        try narrator.chapter(1, "A controller and its private PostgreSQL")
        try narrator.say("Everything of this demonstration is in \(directories.root).")
        try DemoDirectories.write(
            SampleRegistry.manifests(repositories: directories.repositories), below: directories.config)
        let configuration = ControllerConfiguration(
            desiredState: .directory(directories.config), dataDirectory: directories.data,
            interface: try ControlAPIConfiguration(port: port), stateDatabase: nil, environment: context.environment)
        let stage = DemoController(configuration: configuration, log: directories.log)
        try await stage.serve(staying: serves, preparing: describe) { address, server in
            try await tell(at: address, server, since: start)
        }
        guard !serves else { return }
        try await GerritAct(directories: directories.secondAct, narrator: narrator, context: context).perform()
        try await ReleaseAct(directories: directories.thirdAct, narrator: narrator, context: context).perform()
        try await UpstreamAct(directories: directories.fourthAct, narrator: narrator, context: context).perform()
        try conclude(since: start)
    }

    private func describe(_ server: PostgresServer) async throws {
        let version = try await server.version()
        try narrator.say(
            "No database server is configured, so PostgreSQL \(version / 10_000).\(version % 10_000) runs in")
        try narrator.say("\(directories.data)/postgres, reached by a socket there.")
        try await SampleRegistry.makeReference(on: server)
        try narrator.seen("the reference database \(SampleRegistry.reference) is there: structure only")
        try narrator.say("Desired state, in \(directories.config)/registry.yaml:")
        let manifest = try String(contentsOfFile: "\(directories.config)/registry.yaml", encoding: .utf8)
        // The comments explain every key; here they would hide the few that matter.
        let lines = manifest.words(at: "\n").filter { !$0.drop { $0 == " " }.begins(with: "#") }
        try narrator.show(lines.prefix(14).joined(separator: "\n") + "\n  …")
    }

    private func tell(at address: String, _ server: PostgresServer, since start: ContinuousClock.Instant) async throws {
        try narrator.chapter(2, "A forge: a folder with a bare git repository")
        try narrator.say("The controller listens on \(address). A hook in the repository tells it of pushes.")
        let git = DemoGit(
            directories: directories, narrator: narrator,
            searchPath: context.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
        try await git.prepare(program: context.executable, server: address)
        let world = DemoWorld(git: git, client: try ControlClient(server: address, token: nil), server: server)
        try await DemoStory(world: world, narrator: narrator).tell()
        guard serves else { return }
        try conclude(since: start)
        try inviteToTry(address)
    }

    private func conclude(since start: ContinuousClock.Instant) throws {
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        try narrator.console.print()
        try narrator.seen("every step was seen to happen, in \(seconds) seconds")
    }

    private func inviteToTry(_ address: String) throws {
        try narrator.chapter(12, "Now you")
        try narrator.say("The controller goes on serving until you press Ctrl-C. In another terminal:")
        let server = address == "http://127.0.0.1:8642" ? "" : " --server \(address)"
        for line in [
            "cd \(directories.clone)", "git checkout -b candidate/105 master", "… edit data-model/, commit …",
            "git push origin candidate/105", "sluice get candidates\(server)",
            "sluice explain candidate/\(SampleRegistry.name)/103\(server)",
            "curl \(address)/versions/candidates/102/tables/inspection", "tail -f \(directories.log)",
        ] { try narrator.command(line) }
    }
}
