import ArgumentParser
import DesiredState
import Diagnostics
import Foundation

/// `sluice validate`: desired state, offline.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Read a directory of desired state and say what is wrong with it.",
        discussion: """
            The same reader that the controller uses; nothing is contacted. Each mistake is one line, as compilers
            write them, so that editors find the place:

              registry.yaml:12:3: spec.branhc: unknown key "branhc"; did you mean "branch"?

            EXAMPLES
              sluice validate                 the directory you are in
              sluice validate manifests

            Exits with 8 when there is a mistake.
            """)

    @Argument(help: "The directory.", completion: .directory)
    var directory: String = "."

    func run() async throws {
        let console = CommandContext.current.console
        do {
            let state = try DesiredStateReader().read(directory: AbsolutePath.of(directory))
            for warning in state.warnings { try console.print(warning.description.oneLine) }
            try console.print(Self.summary(of: state))
        } catch let error as DiagnosticsError {
            for diagnostic in error.diagnostics { try console.print(diagnostic.description.oneLine) }
            console.say("\(error.diagnostics.count) mistake\(error.diagnostics.count == 1 ? "" : "s")")
            throw ExitStatus.invalid
        }
    }

    private static func summary(of state: DesiredState) -> String {
        guard !state.resources.isEmpty else { return "there are no resources" }
        let counts = Dictionary(grouping: state.resources, by: \.spec.kind).map { ($0.key.rawValue, $0.value.count) }
        let list = counts.sorted { $0.0 < $1.0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        return "valid: \(list)"
    }
}
