import ArgumentParser
import DesiredState
import Terminal

/// `sluice history prune`: forgets what is old.
struct HistoryPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Show what of the history is old, and with --yes forget it.",
        discussion: """
            Whatever the age, these stay: of each object that there is the newest runs, the latest that succeeded and
            the latest that did not, and every run with the latest success or the latest failure of anything that was done to a target.

            A controller does it by itself when it is started with --history-age.
            """)

    @Option(name: .long, help: "Only runs that ended longer ago, as 90d.")
    var olderThan: WaitingTime

    @Option(name: .long, help: "How many runs of each object stay.")
    var keep: Int = 20

    @Flag(name: .long, help: "Forget them. It cannot be taken back; see \"history export\".")
    var yes = false

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...1_000_000).contains(keep) else { throw ValidationError("--keep is a number from 1 to 1000000") }
    }

    func run() async throws {
        let (client, console) = (try server.client(), CommandContext.current.console)
        let query = [("olderThan", olderThan.defaultValueDescription), ("keep", String(keep))]
        guard yes else {
            let found = try await client.get(["api", "v1", "history", "forgettable"], query).body
            let runs = found["runs"]?.integer ?? 0
            guard runs > 0 else { return console.say("nothing is that old") }
            let span = "\(found["oldest"]?.string ?? "") to \(found["newest"]?.string ?? "")"
            try console.print("\(runs) runs with \(found["tasks"]?.integer ?? 0) tasks, of \(span)")
            return console.say("nothing was forgotten: say --yes")
        }
        var count = 0
        while true {
            let forgotten = try await client.post(["api", "v1", "history", "forget"], query).body
            count += forgotten["runs"]?.integer ?? 0
            guard forgotten["again"]?.bool == true else { break }
        }
        try console.print("\(count) runs were forgotten")
    }
}
