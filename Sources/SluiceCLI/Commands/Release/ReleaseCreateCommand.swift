import ArgumentParser
import DesiredState
import Diagnostics
import Terminal

/// `sluice release create`: a new release, as a draft.
struct ReleaseCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Take a new release in, as a draft, and rehearse it.",
        discussion: """
            The branch has to be there; it was made from the first stage. Zones are named batch by batch.

            EXAMPLES
              sluice release create edge-2026-02 --repository puppet --source edge_2026_02 --title 'TLS 1.3' \\
                --batch zone01,zone02 --batch zone03,zone04 --operator bob --operator carol
              sluice release create edge-2026-02 --repository puppet --source edge_2026_02 --title 'TLS 1.3' \\
                --operator bob --opens 2026-02-11T20:00 --closes 2026-02-11T23:00 --time-zone Europe/Berlin
            """)

    @OptionGroup var options: ReleaseOptions

    @Option(name: .long, help: "The ControlRepository.")
    var repository: String

    @Option(name: .long, help: "The branch with the changes.")
    var source: String

    @Option(name: .long, help: "One line that says what the release is.")
    var title: String

    @Option(name: .long, help: "What is changed and why.")
    var description: String?

    @Option(name: .long, help: "The zones of a batch, separated by commas; once for each batch, in order.")
    var batch: [String] = []

    @Option(name: .customLong("operator"), help: "Who may release and roll back; more than once for several people.")
    var operators: [String]

    @Option(name: .long, help: "When its window opens, as 2026-02-11T20:00; together with --closes and --time-zone.")
    var opens: String?

    @Option(name: .long, help: "When its window closes.")
    var closes: String?

    @Option(name: .long, help: "The time zone by whose clock the window is said, as Europe/Berlin.")
    var timeZone: String?

    func validate() throws {
        let window = [opens, closes, timeZone].compactMap(\.self)
        guard window.isEmpty || window.count == 3 else {
            throw ValidationError("a window needs --opens, --closes and --time-zone")
        }
    }

    func run() async throws {
        var spec: [String: JSONValue] = [
            "repository": .string(repository), "source": .string(source), "title": .string(title),
            "operators": .array(operators.map { .string($0) }),
            "batches": .array(
                batch.map { zones in
                    ["zones": .array(zones.words(at: ",").map { .string(String($0)) })]
                }),
        ]
        spec["description"] = description.map { .string($0) }
        if let opens, let closes, let timeZone {
            spec["window"] = [
                "opens": .string(opens), "closes": .string(closes), "timeZone": .string(timeZone),
            ]
        }
        let client = try options.server.client()
        let ticket = try await client.post(
            ["api", "v1", "releases"],
            body: .object(
                options.actor.members.merging(["name": .string(options.name), "spec": .object(spec)]) { $1 })
        ).body
        try await options.follow(ticket, client)
    }
}
