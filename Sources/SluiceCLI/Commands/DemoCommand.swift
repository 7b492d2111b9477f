import ArgumentParser
import Foundation
import Terminal

/// `sluice demo`: the whole story, on this machine, in a minute.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Tell the whole story of the gate on this machine, with everything real.",
        discussion: """
            Starts a controller with a private PostgreSQL, makes a local forge, and pushes candidates to it with the real
            git: a good one, one with a foreign key to a missing table, one that edits a deployed changeset, one that
            touches no data model. Each verdict, table list and dropped database is looked at before it is told, and the
            command fails when anything is not seen. In a second act the same gate works on a stand-in for Gerrit, told what
            to do by commits to a config repository and woken by webhooks; in a third, a release of a control repository is
            rehearsed, promoted and taken back; in a fourth, a package follows an upstream branch. Needs git and PostgreSQL's server programs;
            nothing outside of its directory is touched.

            EXAMPLES
              sluice demo
              sluice demo --serve      leave the controller of the first act running, to try it
              sluice demo --keep       keep the directory with log, repositories and databases
            """)

    @Flag(name: .long, help: "Leave the controller serving after the story, until Ctrl-C.")
    var serve = false

    @Option(name: .long, help: "Where everything goes; must be new or empty.", completion: .directory)
    var dataDir: String?

    @Flag(name: .long, help: "Keep the directory.")
    var keep = false

    @Option(name: .long, help: "The port of the interface; by default a free one, and 8642 with --serve.")
    var port: UInt16?

    func run() async throws {
        let context = CommandContext.current
        let directories = DemoDirectories(root: dataDir.map { AbsolutePath.of($0) } ?? Self.newDirectory())
        let demonstration = Demonstration(
            directories: directories, narrator: Narrator(console: context.console), context: context,
            port: Int(port ?? (serve ? 8642 : 0)), serves: serve)
        do {
            try await demonstration.run()
        } catch {
            context.console.say("everything is kept in \(directories.root); the log, \(directories.log), ends with:")
            for line in directories.endOfLog + directories.secondAct.endOfLog + directories.fourthAct.endOfLog {
                context.console.say("  \(line.oneLine)")
            }
            throw error
        }
        if keep {
            context.console.say("everything is kept in \(directories.root)")
        } else {
            directories.remove()
        }
    }

    private static func newDirectory() -> String {
        let name = "sluice-demo-" + String(UInt32.random(in: .min ... .max), radix: 36)
        return AbsolutePath.of(FileManager.default.temporaryDirectory.appending(path: name).path(percentEncoded: false))
    }
}
