import ArgumentParser
import DesiredState

/// Which runs or tasks.
struct HistoryFilterOptions: ParsableArguments {
    @Argument(help: "An object, as kind/name; or a kind.")
    var object: String?

    @Option(
        name: .long,
        help: "Only these: pending, running, succeeded, failed, skipped, cancelled, lost; separated by commas.")
    var status: String?

    @Option(name: .long, help: "Only what was done to this: a database, a branch, a candidate.")
    var target: String?

    @Option(name: .long, help: "Only what did this: database.clone, changelog.deploy, …")
    var action: String?

    @Option(name: .long, help: "Only what worked on this revision.")
    var revision: String?

    @Option(
        name: .long, help: "Only runs, and tasks of runs, that began at this time or later, as 2026-01-31T10:00:00Z.")
    var since: String?

    @Option(name: .long, help: "Only runs, and tasks of runs, that began before this time.")
    var until: String?

    @Option(name: .long, help: "Only what took this long or longer, as 90s or 5m.")
    var longerThan: WaitingTime?

    @Option(name: .long, help: "Only what took this long or less.")
    var shorterThan: WaitingTime?

    /// The parameters of the interface.
    var query: [(String, String?)] {
        get throws {
            let named = object.flatMap { ObjectName(argument: $0) }
            return [
                ("kind", try named?.kind ?? object.map { try KindName.kind($0) }), ("name", try named?.key.name),
                ("status", status), ("target", target), ("action", action), ("revision", revision), ("since", since),
                ("until", until), ("longerThan", longerThan?.defaultValueDescription),
                ("shorterThan", shorterThan?.defaultValueDescription),
            ]
        }
    }
}

/// How many are shown.
struct HistoryLimit: ParsableArguments {
    @Option(name: .long, help: "How much is shown at most.")
    var limit: Int = 20

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000") }
    }
}
