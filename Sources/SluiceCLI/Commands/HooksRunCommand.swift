public import ArgumentParser
import DesiredState
import Diagnostics
import Foundation
import GitClient
public import GitHooks
import Terminal

/// `sluice hooks run`: what git's hooks call.
struct HooksRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Do a hook's work; git's hooks call this.",
        subcommands: [PreReceiveCommand.self])
}

/// `sluice hooks run pre-receive`: judges what is pushed.
struct PreReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-receive", abstract: "Judge manifests and changelogs of what is pushed.",
        discussion: """
            Reads lines of "old new reference", as git writes them to the hook, and the objects from git's quarantine. Of
            each branch the commit is judged that it is to stand at, if the files differ from before. Needs no controller
            and no database. Says at most ten lines; exits with 8 when the push is refused.

            EXAMPLE
              git config --add sluice.checkArg --changelog
              git config --add sluice.checkArg data-model/main.xml
            """)

    @Option(name: .long, help: "The repository.", completion: .directory)
    var repository: String = "."

    @Option(name: .long, help: "A root changelog, as a path in the repository; may be given several times.")
    var changelog: [String] = []

    @Option(
        name: .long, help: "A directory of manifests in the repository, \"\" for all of it; may be given several times."
    )
    var manifests: [String] = []

    @Option(name: .long, help: "What becomes of a push that cannot be judged: reject or accept.")
    var whenUnable: PushVerdict.WhenUnable

    @Option(name: .long, help: "How long judging may take, as 20s, which it is unless given.")
    var timeout: WaitingTime?

    func run() async throws {
        let verdict = await verdict()
        let console = CommandContext.current.console
        for line in verdict.lines { console.say(line) }
        guard verdict.isAccepted else { throw ExitStatus.invalid }
    }

    private func verdict() async -> PushVerdict {
        guard !changelog.isEmpty || !manifests.isEmpty else {
            return .unable(
                "neither --changelog nor --manifests is given: git config --add sluice.checkArg", then: whenUnable)
        }
        let context = CommandContext.current
        let path = AbsolutePath.of(repository)
        let check = PushCheck(changelogs: changelog, manifests: manifests)
        // A reader of other people's files may take for ever and cannot be stopped; the process ends without it.
        let (answers, answer) = AsyncStream.makeStream(of: PushVerdict.self)
        let policy = whenUnable
        let work = Task {
            do {
                let mirror = try await GitMirror.open(path)
                for directory in Self.quarantine(context.environment) { try await mirror.see(objectsIn: directory) }
                let references = try PushedReference.read(try Self.text(context.input))
                answer.yield(.of(try await check.mistakes(in: references, of: mirror)))
            } catch {
                answer.yield(.unable(SluiceError(wrapping: error).description, then: policy))
            }
        }
        let limit = timeout?.duration ?? .seconds(20)
        let timer = Task {
            guard (try? await ContinuousClock().sleep(for: limit)) != nil else { return }
            answer.yield(.unable("it took longer than \(ConfigurationDuration.format(limit))", then: policy))
        }
        defer {
            work.cancel()
            timer.cancel()
        }
        for await verdict in answers { return verdict }
        return .unable("it was given up", then: policy)
    }

    /// Where git keeps what is pushed until the hook has spoken.
    private static func quarantine(_ environment: [String: String]) -> [String] {
        guard let directory = environment["GIT_QUARANTINE_PATH"] ?? environment["GIT_OBJECT_DIRECTORY"] else {
            return []
        }
        return [AbsolutePath.of(directory)]
    }

    private static func text(_ input: (Int) throws -> [UInt8]) throws -> String {
        let limit = 1 << 20
        let bytes = try input(limit)
        guard bytes.count <= limit else {
            throw SluiceError("hook.input-invalid", .stalled, "the push moves too many references")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension PushVerdict.WhenUnable: ExpressibleByArgument {}
