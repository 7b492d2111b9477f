import ArgumentParser
import DesiredState
import Diagnostics
import Foundation
import Terminal

/// `sluice validate`: desired state, offline.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Read desired state and say what is wrong with it.",
        discussion: """
            The same reader that the controller uses; nothing is contacted. Each mistake is one line, as compilers
            write them, so that editors find the place:

              registry.yaml:12:3: spec.branhc: unknown key "branhc"; did you mean "branch"?

            EXAMPLES
              sluice validate                 the directory you are in
              sluice validate manifests
              sluice validate manifests/registry.yaml

            Of a single file it is not asked whether what it refers to is there. Exits with 8 when there is a mistake, and
            when there is nothing to read.
            """)

    @Argument(help: "The directory, or one file of it.", completion: .file())
    var path: String = "."

    func run() async throws {
        let console = CommandContext.current.console
        do {
            let state = try read(AbsolutePath.of(path))
            for warning in state.warnings { try console.print(warning.description.oneLine) }
            guard !state.resources.isEmpty else {
                throw CommandFailure(
                    .invalid, "there are no resources in \(path)",
                    hint: "files named *.yaml or *.yml are read, hidden ones and links are not")
            }
            try console.print(Self.summary(of: state))
        } catch let error as DiagnosticsError {
            let mistakes = error.diagnostics.filter { !isOfOtherFiles($0) }
            guard !mistakes.isEmpty else { return try console.print("valid, as far as one file can tell") }
            for diagnostic in mistakes { try console.print(diagnostic.description.oneLine) }
            console.say("\(mistakes.count) mistake\(mistakes.count == 1 ? "" : "s")")
            throw ExitStatus.invalid
        }
    }

    private func read(_ path: String) throws -> DesiredState {
        guard isFile else { return try DesiredStateReader().read(directory: path) }
        let bytes = try RegularFile.read(path, limit: ReadingLimits().fileSize)
        return try DesiredStateReader().read(files: [DesiredStateFile(path: self.path, bytes: bytes)])
    }

    private var isFile: Bool {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: AbsolutePath.of(path), isDirectory: &isDirectory)
        return exists && !isDirectory.boolValue
    }

    /// What a single file refers to stands in the others.
    private func isOfOtherFiles(_ diagnostic: Diagnostic) -> Bool {
        isFile && diagnostic.code == "desired-state.unknown-reference"
    }

    private static func summary(of state: DesiredState) -> String {
        let counts = Dictionary(grouping: state.resources, by: \.spec.kind).map { ($0.key.rawValue, $0.value.count) }
        let list = counts.sorted { $0.0 < $1.0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        return "valid: \(list)"
    }
}
