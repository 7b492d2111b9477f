import ArgumentParser
import DesiredState
import Puppetfile
import Terminal

/// `sluice puppetfile check`: whether r10k would take a Puppetfile, and whether it says what is installed.
struct PuppetfileCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with Puppetfiles, and which modules move.",
        discussion: """
            A Puppetfile is a Ruby program, and r10k's own check runs it. This command reads it as data: literals only, and
            nothing is ever run or contacted. What r10k 5 would refuse is refused, and so is what only running the file
            could tell; docs/reference/puppetfile.md lists each reason.

            Each finding is one line, as compilers write them. A pin moves when the module can change without a commit
            in the control repository: a branch, :latest, no version at all.

            EXAMPLES
              sluice puppetfile check Puppetfile
              sluice puppetfile check --moving-pins refuse Puppetfile
              git show uat:Puppetfile | sluice puppetfile check -

            Exits with 8 when a file is refused.
            """)

    @Argument(help: "Puppetfiles; - is what is piped in.", completion: .file())
    var files: [String]

    @Option(name: .long, help: "What pins count for that move: warn, refuse or accept.")
    var movingPins: MovingPins = .warn

    @Option(name: .shortAndLong, help: "How the answer looks: text, or json with all modules and their pins.")
    var output: Format = .text

    /// What pins count for that move.
    enum MovingPins: String, ExpressibleByArgument, CaseIterable {
        case warn, refuse, accept

        var policy: PuppetfileReader.MovingPins {
            switch self {
            case .warn: .warn
            case .refuse: .refuse
            case .accept: .accept
            }
        }
    }

    /// How the answer looks.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() async throws {
        let reader = PuppetfileReader(movingPins: movingPins.policy)
        let reports = try files.map { file in
            PuppetfileReport(file: name(of: file), reading: reader.read(try bytes(of: file), file: name(of: file)))
        }
        let console = CommandContext.current.console
        switch output {
        case .json: try console.printExactly(JSONValue.array(reports.map(\.document)).prettyText)
        case .text: for line in reports.flatMap(\.lines) { try console.print(line) }
        }
        console.say(PuppetfileReport.summary(of: reports))
        guard reports.allSatisfy(\.reading.isAccepted) else { throw ExitStatus.invalid }
    }

    private func name(of file: String) -> String { file == "-" ? "Puppetfile" : file }

    private func bytes(of file: String) throws -> [UInt8] {
        let limit = PuppetfileLimits().fileSize
        if file == "-" { return try CommandContext.current.input(limit) }
        do {
            return try RegularFile.read(AbsolutePath.of(file), limit: limit)
        } catch {
            throw CommandFailure(.notFound, "\(error)".oneLine, code: "file.unreadable")
        }
    }
}
