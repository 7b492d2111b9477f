public import ArgumentParser
import ChildProcess
import Diagnostics
import Foundation
public import GitHooks
import Terminal

/// Which hooks of which repository.
struct HookOptions: ParsableArguments {
    @Option(name: .long, help: "The repository, bare or not.", completion: .directory)
    var repository: String = "."

    @Option(name: .long, help: "post-receive, pre-receive or pre-commit; may be given several times.")
    var kind: [GitHook] = []

    @Flag(name: .long, help: "Say what would be done, and do nothing.")
    var dryRun = false

    /// The installation, where git looks for hooks.
    func installation() async throws -> HookInstallation {
        HookInstallation(directory: try await git("rev-parse", "--path-format=absolute", "--git-path", "hooks"))
    }

    /// Runs git in the repository, and gives the first line of what it prints.
    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        let context = CommandContext.current
        let environment = context.environment.filter { ["PATH", "HOME"].contains($0.key) }
        let child = Child(
            "git", ["-C", AbsolutePath.of(repository)] + arguments, environment: environment, deadline: .seconds(20))
        let result = try await child.run()
        guard result.status.isSuccess else {
            throw CommandFailure(
                .notFound, "\(repository) is no git repository, or cannot be changed",
                hint: "name one with --repository",
                code: "hook.not-installed")
        }
        return result.outputText.words(at: "\n").first.map(String.init) ?? ""
    }

    func say(_ steps: [HookInstallation.Step]) throws {
        for step in steps {
            try CommandContext.current.console.print((dryRun ? "would be: " : "") + step.description.oneLine)
        }
    }
}

extension GitHook: ExpressibleByArgument {}

/// `sluice hooks install`: puts git's hooks in place.
struct HooksInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Put git's hooks into a repository, beside those that are there.",
        discussion: """
            A hook that is there already is kept under another name and called first. Doing it again changes nothing.

              post-receive   tells the controller of a push; never makes one fail
              pre-receive    judges manifests and changelogs of what is pushed, and refuses what cannot be understood
              pre-commit     the same for what is about to be committed

            What is judged is kept in the repository's git config, as sluice.checkArg and sluice.whenUnable.

            EXAMPLES
              sluice hooks install --repository /srv/git/land.git
              sluice hooks install --kind pre-receive --changelog data-model/main.xml --when-unable reject
              sluice hooks install --kind pre-commit --manifests config --dry-run
            """)

    @OptionGroup var hooks: HookOptions

    @Option(name: .long, help: "A root changelog to judge, as a path in the repository; may be given several times.")
    var changelog: [String] = []

    @Option(name: .long, help: "A directory of manifests to judge; may be given several times.")
    var manifests: [String] = []

    @Option(name: .long, help: "What pre-receive does about a push that cannot be judged: reject or accept.")
    var whenUnable: PushVerdict.WhenUnable?

    @Option(name: .long, help: "The program that the hooks call, instead of sluice on the path.", completion: .file())
    var program: String?

    func validate() throws {
        guard !hooks.kind.contains(.preReceive) || whenUnable != nil else {
            throw ValidationError("pre-receive needs --when-unable reject, or --when-unable accept")
        }
        let judges = hooks.kind.contains { $0 != .postReceive }
        guard !judges || !changelog.isEmpty || !manifests.isEmpty else {
            throw ValidationError("say what is to be judged: --changelog, --manifests")
        }
    }

    func run() async throws {
        let installation = try await hooks.installation()
        for hook in hooks.kind.isEmpty ? [.postReceive] : hooks.kind {
            try hooks.say(try installation.install(hook, isDry: hooks.dryRun))
        }
        guard !hooks.dryRun else { return }
        if let program { try await hooks.git("config", "sluice.bin", AbsolutePath.of(program)) }
        if let whenUnable { try await hooks.git("config", "sluice.whenUnable", whenUnable.rawValue) }
        let arguments = changelog.flatMap { ["--changelog", $0] } + manifests.flatMap { ["--manifests", $0] }
        guard let first = arguments.first else { return }
        try await hooks.git("config", "--replace-all", "sluice.checkArg", first)
        for argument in arguments.dropFirst() { try await hooks.git("config", "--add", "sluice.checkArg", argument) }
    }
}

/// `sluice hooks uninstall`: takes them away again.
struct HooksUninstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Take our hooks out of a repository; those kept beside them come back.",
        discussion: """
            EXAMPLE
              sluice hooks uninstall --repository /srv/git/land.git --kind pre-receive
            """)

    @OptionGroup var hooks: HookOptions

    func run() async throws {
        let installation = try await hooks.installation()
        for hook in hooks.kind.isEmpty ? GitHook.allCases : hooks.kind {
            try hooks.say(try installation.uninstall(hook, isDry: hooks.dryRun))
        }
    }
}
