import ArgumentParser
import Changelog
import Diagnostics
import Terminal

/// How a deploy meets others: how long it waits for them, how often it tries again, and where that is noted.
struct SafetyOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "How long to wait for a lock on a table, in seconds; else less than the server's deadlock timeout.")
    var lockTimeout: Double?

    @Option(name: .long, help: "How long one statement may take, in seconds; else what the server says.")
    var statementTimeout: Double?

    @Option(
        name: .long, help: "How often a changeset is tried that meets a lock, a deadlock or a serialization failure.")
    var lockAttempts: Int = 10

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The history of attempts (else SLUICE_ATTEMPTS_LOG); none for no history.", valueName: "file"),
        completion: .file())
    var attemptsLog: String?

    func validate() throws {
        for seconds in [lockTimeout, statementTimeout].compactMap(\.self) {
            guard seconds >= 0.001, seconds <= 86_400 else {
                throw ValidationError("a timeout is a number of seconds, from 0.001 to 86400")
            }
        }
        guard (1...1000).contains(lockAttempts) else { throw ValidationError("--lock-attempts is from 1 to 1000") }
    }

    /// Adds what was asked for to the options of a deploy.
    func apply(to options: inout DeployerOptions) {
        options.lockTimeout = lockTimeout.map { .seconds($0) }
        options.statementTimeout = statementTimeout.map { .seconds($0) }
        options.retries.attempts = lockAttempts
        options.runProgram = ChangelogPrograms(environment: CommandContext.current.environment).run
        let console = CommandContext.current.console
        options.attempts = attemptsPath.map { path in
            AttemptLogFile(path: path) { console.say("warning: \($0)") }
        }
    }

    /// Where the history of attempts is; nil for nowhere.
    var attemptsPath: String? {
        let environment = CommandContext.current.environment
        if let path = attemptsLog ?? environment["SLUICE_ATTEMPTS_LOG"] {
            return path == "none" || path.isEmpty ? nil : AbsolutePath.of(path)
        }
        let state = environment["XDG_STATE_HOME"].flatMap { $0.begins(with: "/") ? $0 : nil }
        guard let state = state ?? environment["HOME"].map({ "\($0)/.local/state" }) else { return nil }
        return "\(state)/sluice/changelog/attempts.ndjson"
    }
}
