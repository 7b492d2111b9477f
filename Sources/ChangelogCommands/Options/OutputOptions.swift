import ArgumentParser
import Foundation
import Terminal

/// Where a command's data goes: Liquibase's option of this name.
struct OutputOptions: ParsableArguments {
    @Option(name: .long, help: "Write there instead of on standard output.", completion: .file())
    var outputFile: String?

    /// The options that environment and defaults file may give.
    static let settings = ["output-file"]

    /// Writes the command's data, all at once.
    func write(_ text: String) throws {
        guard let outputFile else { return try CommandContext.current.console.printExactly(text) }
        do {
            try Data((text + "\n").utf8).write(to: URL(filePath: AbsolutePath.of(outputFile)))
        } catch {
            throw CommandFailure(.invalid, "\(outputFile.oneLine) cannot be written", code: "file.unwritable")
        }
    }
}

/// What data looks like.
enum DataFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
}
